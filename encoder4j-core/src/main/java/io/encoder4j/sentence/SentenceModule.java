// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.tensor.ActivationFunction;
import java.nio.file.Path;

/// What a folder says of a module that turns one vector into another: a text's after pooling, or a token's in an encoder of token
/// vectors. [BuiltModule] computes it.
public sealed interface SentenceModule {

    /// {@return what its steps in a trace begin with, its number in `modules.json`: `2` of `2.linear`} A module of one step has
    /// that step's name: `3.normalize`.
    String name();

    /// {@return features of the result for an input of so many features}
    ///
    /// @param features features of its input
    /// @throws IllegalArgumentException if the module takes another number
    int dimensions(int features);

    private static int checked(SentenceModule module, int features, int in, int out) {
        if (features != in) {
            throw new IllegalArgumentException("module " + module.name() + " takes " + in + " features, what comes before it gives "
                    + features);
        }
        return out;
    }

    /// `activation(weight · x + bias)`, plus a residual where the module has one. Its weights are `linear.weight`, `linear.bias`
    /// and `residual.weight`.
    ///
    /// @param name       names its steps in traces
    /// @param folder     where its weights are
    /// @param in         features before
    /// @param out        features after
    /// @param bias       whether it has one
    /// @param activation applied before the residual is added
    /// @param residual   whether the input is added, or its product with `residual.weight`
    record Dense(String name, Path folder, int in, int out, boolean bias, ActivationFunction activation, boolean residual)
            implements SentenceModule {

        @Override
        public int dimensions(int features) {
            return checked(this, features, in, out);
        }
    }

    /// Layer normalisation with eps 1e-5 inside the root. Its weights are `norm.weight` and `norm.bias`.
    ///
    /// @param name   names its steps in traces
    /// @param folder where its weights are
    /// @param size   features before and after
    record Norm(String name, Path folder, int size) implements SentenceModule {

        @Override
        public int dimensions(int features) {
            return checked(this, features, size, size);
        }
    }

    /// Scales to length one; a vector of zeros stays one.
    ///
    /// @param name names its step in traces
    record Normalize(String name) implements SentenceModule {

        @Override
        public int dimensions(int features) {
            return features;
        }
    }
}
