// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.kernel.Placement;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.WeightView;
import org.jspecify.annotations.Nullable;

/// `x · weightᵀ + bias`, torch's `nn.Linear`.
///
/// @param name      its name in the checkpoint, relative to the encoder: `encoder.layer.0.attention.self.query`
/// @param weights   weight and bias
/// @param placement the layout that kernels made of them
public record Linear(String name, LinearWeights weights, Placement placement) {

    /// A layer that is laid out when it is first used.
    ///
    /// @param name    the module's name, as the checkpoint gives it
    /// @param weights weight and bias, or views of them
    public Linear(String name, LinearWeights weights) {
        this(name, weights, new Placement(weights));
    }

    /// A layer of a whole weight `[out, in]` and, unless it is null, a bias `[out]`.
    ///
    /// @param name   the module's name, as the checkpoint gives it
    /// @param weight `[out, in]`
    /// @param bias   `[out]`, or null
    public Linear(String name, Parameter weight, @Nullable Parameter bias) {
        this(name, new LinearWeights(new WeightView.Rows(weight), bias == null ? null : new LinearWeights.Bias(bias)));
    }

    /// {@return input features}
    public int in() {
        return weights.weight().in();
    }

    /// {@return output features}
    public int out() {
        return weights.weight().out();
    }
}
