// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.PackedWeight;

/// `x · weightᵀ + bias`, torch's `nn.Linear`.
///
/// @param name   its name in the checkpoint, relative to the encoder: `encoder.layer.0.attention.self.query`
/// @param weight weight and bias as the kernel packed them
public record Linear(String name, PackedWeight weight) {

    /// Input features.
    public int in() {
        return weight.in();
    }

    /// Output features.
    public int out() {
        return weight.out();
    }
}
