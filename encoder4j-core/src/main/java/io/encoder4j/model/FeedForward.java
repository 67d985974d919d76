// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;

/// The feed-forward half of a layer, for families that have more than one kind of it. It treats each token alone.
sealed interface FeedForward permits FeedForward.Plain, GatedUnit {

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
