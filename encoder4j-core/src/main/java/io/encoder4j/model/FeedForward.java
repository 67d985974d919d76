// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;

/// The half of a layer that treats each token by itself, where a family has more than one kind of it.
public sealed interface FeedForward permits FeedForward.Plain, GatedUnit {

    /// `[T, H] → [T, H]`.
    Matrix forward(Matrix x, Pass pass);

    /// Dense, activation, dense.
    record Plain(Linear up, Activation activation, Linear down) implements FeedForward {

        @Override
        public Matrix forward(Matrix x, Pass pass) {
            Matrix h = pass.linear(up, x, activation);                                          // [T, I]
            return pass.linear(down, h);                                                        // [T, H]
        }
    }
}
