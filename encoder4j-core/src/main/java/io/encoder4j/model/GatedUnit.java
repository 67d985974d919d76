// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;

/// A feed-forward half with a gate (Shazeer 2020): `down(activation(gate(x)) · up(x))`. With GELU it is GeGLU, with SiLU
/// SwiGLU.
///
/// @param gate       what the activation is applied to, H → I
/// @param activation of the gate
/// @param up         what the gate lets through, H → I
/// @param down       back, I → H
record GatedUnit(Linear gate, Activation activation, Linear up, Linear down) implements FeedForward {

    @Override
    public Matrix forward(Matrix x, Pass pass) {
        Matrix gated = pass.linear(gate, x, activation);                                        // [T, I]
        Matrix h = pass.multiply(gated, pass.linear(up, x));                                    // [T, I]
        return pass.linear(down, h);                                                            // [T, H]
    }
}
