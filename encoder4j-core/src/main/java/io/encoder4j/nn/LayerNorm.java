// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Parameter;
import org.jspecify.annotations.Nullable;

/// Layer normalisation (Ba et al. 2016) over the last dimension: `(x - mean) / √(variance + eps) · weight + bias`, with
/// the biased variance and eps inside the root.
///
/// @param name   its name in the checkpoint, relative to the encoder
/// @param weight one value per feature
/// @param bias   one value per feature, or null for zeros
/// @param eps    added to the variance
public record LayerNorm(String name, Parameter weight, @Nullable Parameter bias, float eps) {

    /// Checks the sizes.
    ///
    /// @throws IllegalArgumentException if the bias has another size than the weight, or eps is negative or not a number
    public LayerNorm {
        if (bias != null && bias.size() != weight.size()) {
            throw new IllegalArgumentException(name + ": weight has " + weight.size() + " features, but bias has "
                    + bias.size());
        }
        if (!(eps >= 0)) {
            throw new IllegalArgumentException(name + ": eps must not be negative, got " + eps);
        }
    }

    /// {@return number of features}
    public int size() {
        return weight.size();
    }
}
