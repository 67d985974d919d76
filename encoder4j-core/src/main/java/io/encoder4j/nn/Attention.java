// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

/// Multi-head scaled dot-product attention (Vaswani et al. 2017, section 3.2) as a module without parameters.
///
/// @param name  the name the reference gives the module, relative to the encoder: `encoder.layer.0.attention.self`
/// @param heads number of heads N; the head size D is the width of the queries over N
/// @param scale what the scores are multiplied by, usually `1 / √D`
/// @param keyHeads number of heads of keys and values, a divisor of N: as many, except in grouped-query attention
///                 (Ainslie et al. 2023)
public record Attention(String name, int heads, float scale, int keyHeads) {

    /// Attention with as many heads of keys and values as of queries.
    ///
    /// @param name  the module's name, as the reference gives it
    /// @param heads number of heads
    /// @param scale what scores are multiplied by
    public Attention(String name, int heads, float scale) {
        this(name, heads, scale, heads);
    }

    /// {@return attention with the usual scale}
    ///
    /// @param name       the module's name, as the reference gives it
    /// @param heads      number of heads
    /// @param hiddenSize width of the queries, N · D; a pass refuses one that is not a multiple of the heads
    public static Attention of(String name, int heads, int hiddenSize) {
        return new Attention(name, heads, (float) (1 / Math.sqrt(hiddenSize / heads)));
    }
}
