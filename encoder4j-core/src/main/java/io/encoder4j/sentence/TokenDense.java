// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.tensor.ActivationFunction;
import java.io.IOException;
import java.nio.file.Path;

/// A dense module on each token's vector: `activation(weight · x + bias)`, plus `x`, or its product with another weight, where
/// it has a residual connection. Its weights are `linear.weight`, `linear.bias` and `residual.weight`.
///
/// @param folder   where its weights are
/// @param in       features before
/// @param out      features after
/// @param bias     whether it has one
/// @param residual whether the input is added
public record TokenDense(Path folder, int in, int out, boolean bias, ActivationFunction activation, boolean residual) {

    static TokenDense read(Path folder, int dimensions) throws IOException {
        ModuleFiles.DenseConfig config = ModuleFiles.DenseConfig.read(folder, dimensions, "token_embeddings");
        return new TokenDense(folder, config.in(), config.out(), config.bias(), config.activation(), config.residual());
    }
}
