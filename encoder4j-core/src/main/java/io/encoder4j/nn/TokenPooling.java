// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Reduction;
import java.util.List;

/// How the vectors of a sequence's tokens become one vector.
///
/// @param name       names the result in traces and messages: `1.pooling`
/// @param reductions their results stand side by side, in this order; at least one
/// @param skip       tokens at the start of each sequence that are left out, but never its last one: those of a prompt
public record TokenPooling(String name, List<Reduction> reductions, int skip) {

    /// The mean of all tokens.
    public static final TokenPooling MEAN = new TokenPooling("mean", List.of(Reduction.MEAN), 0);

    /// Checks the reductions.
    ///
    /// @throws IllegalArgumentException if there is no reduction, or `skip` is negative
    public TokenPooling {
        if (reductions.isEmpty() || skip < 0) {
            throw new IllegalArgumentException(name + ": a pooling needs at least one reduction and must not skip " + skip
                    + " tokens");
        }
        reductions = List.copyOf(reductions);
    }
}
