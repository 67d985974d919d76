// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Parameter;

/// Root mean square normalisation (Zhang and Sennrich 2019), torch's `nn.RMSNorm`: `x / √(mean of squares + eps) · weight`
/// over the last dimension. It subtracts no mean and adds no bias.
///
/// @param name   its name in the checkpoint, relative to the encoder
/// @param weight one value per feature
/// @param eps    added to the mean of the squares
public record RmsNorm(String name, Parameter weight, float eps) {

    /// {@return number of features}
    public int size() {
        return weight.size();
    }
}
