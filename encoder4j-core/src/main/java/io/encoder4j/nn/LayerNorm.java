// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import org.jspecify.annotations.Nullable;

/// Layer normalisation (Ba et al. 2016) with torch's semantics: biased variance, eps inside the root.
///
/// @param name   its name in the checkpoint, relative to the encoder
/// @param size   number of features normalised, H
/// @param weight `[H]`, or null for ones
/// @param bias   `[H]`, or null for zeros
/// @param eps    added to the variance
public record LayerNorm(String name, int size, float @Nullable [] weight, float @Nullable [] bias, float eps) {

    /// @throws IllegalArgumentException if weight or bias has another size, or eps is negative or not a number
    public LayerNorm {
        if (size < 1 || weight != null && weight.length != size || bias != null && bias.length != size) {
            throw new IllegalArgumentException(name + ": " + size + " features, but weight "
                    + (weight == null ? "none" : weight.length) + " and bias " + (bias == null ? "none" : bias.length));
        }
        if (!(eps >= 0)) {
            throw new IllegalArgumentException(name + ": eps must not be negative, got " + eps);
        }
    }
}
