// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import java.util.Optional;

/// A dense layer and a norm, between them a residual connection if there is something to add: what
/// [MobileBert] has wherever it goes from one width to another.
public record MobileBertDense(Linear linear, Norm norm) {

    static MobileBertDense load(MobileBert.Config config, int in, int out, float eps, Weights w) {
        return new MobileBertDense(w.at("dense").linearWithBias(in, out), Norm.load(config, out, eps, w.at("LayerNorm")));
    }

    static Optional<MobileBertDense> loadIf(boolean present, MobileBert.Config config, int in, int out, Weights w) {
        return present ? Optional.of(load(config, in, out, config.bert().layerNormEps(), w)) : Optional.empty();
    }

    Matrix forward(Matrix x, Pass pass) {
        return norm.forward(pass.linear(linear, x), pass);                                      // [T, out]
    }

    Matrix forward(Matrix x, Matrix residual, Pass pass) {
        return norm.forward(pass.add(pass.linear(linear, x), residual), pass);                  // [T, out]
    }

    /// A normalisation, or what takes its place: `x · weight + bias`, each a table of one row.
    public record Norm(String name, Optional<LayerNorm> layerNorm, Embedding weight, Embedding bias) {

        static Norm load(MobileBert.Config config, int size, float eps, Weights w) {
            LayerNorm norm = w.layerNorm(size, eps);
            return new Norm(w.name(), config.noNorm() ? Optional.empty() : Optional.of(norm),
                    new Embedding(w.name() + ".weight", Matrix.of(1, size, norm.weight())),
                    new Embedding(w.name() + ".bias", Matrix.of(1, size, norm.bias())));
        }

        Matrix forward(Matrix x, Pass pass) {
            if (layerNorm.isPresent()) {
                return pass.layerNorm(layerNorm.get(), x);                                      // [T, *]
            }
            int[] everyToken = new int[x.rows()];
            Matrix scaled = pass.multiply(x, pass.embed(weight, everyToken));                   // [T, *]
            return pass.module(name, pass.add(scaled, pass.embed(bias, everyToken)));           // [T, *]
        }
    }
}
