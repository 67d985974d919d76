// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.kernel.Precision;
import org.jspecify.annotations.Nullable;

/// How a model computes. None of it changes a result by a single bit, except kernels and precision.
///
/// @param kernels        `scalar` or `vector`; null for the fastest that runs here, or what `-Dencoder4j.kernels` names
/// @param precision      what products are computed in
/// @param threads        threads at work at once, the caller's included; at least 1
/// @param tokensPerBatch tokens of the texts that are computed together, at most; a longer text goes alone
public record ModelOptions(@Nullable String kernels, Precision precision, int threads, int tokensPerBatch) {

    /// Measured: what 512 tokens of a small model leave between its operations stays in the caches. More tokens at once
    /// make products no faster and all else slower.
    private static final int TOKENS_PER_BATCH = 512;

    /// @throws IllegalArgumentException if a number is below 1
    public ModelOptions {
        if (threads < 1 || tokensPerBatch < 1) {
            throw new IllegalArgumentException("threads and tokensPerBatch must be at least 1, got " + threads + " and "
                    + tokensPerBatch);
        }
    }

    /// The fastest kernels that are float32-grade, and every processor this JVM may use, as a container allows.
    public static ModelOptions defaults() {
        return new ModelOptions(null, Precision.AUTO, Runtime.getRuntime().availableProcessors(),
                TOKENS_PER_BATCH);
    }

    /// The same with the kernels of that name.
    public ModelOptions withKernels(@Nullable String name) {
        return new ModelOptions(name, precision, threads, tokensPerBatch);
    }

    /// The same in that precision.
    public ModelOptions withPrecision(Precision asked) {
        return new ModelOptions(kernels, asked, threads, tokensPerBatch);
    }

    /// The same in the precision of that name: `auto`, `float32` or `bfloat16`.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public ModelOptions withPrecision(String name) {
        return withPrecision(Precision.of(name));
    }

    /// The same with that many threads.
    public ModelOptions withThreads(int count) {
        return new ModelOptions(kernels, precision, count, tokensPerBatch);
    }

    /// The same with that token budget.
    public ModelOptions withTokensPerBatch(int tokens) {
        return new ModelOptions(kernels, precision, threads, tokens);
    }
}
