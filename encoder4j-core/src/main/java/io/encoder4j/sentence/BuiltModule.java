// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A [SentenceModule] with its weights, ready to compute.
///
/// The steps have the names that PyTorch gives the modules of a SentenceTransformer: `2.linear`, `2.activation_function`,
/// `2.residual`, `3.norm`. A module that is a single operation there, without a child, is named `4.normalize`, so that
/// [io.encoder4j.trace.Trace#output] finds it under `4`.
@FunctionalInterface
public interface BuiltModule {

    /// torch's default, which the module never changes.
    float LAYER_NORM_EPS = 1e-5f;

    /// `[rows, in] → [rows, out]`.
    Matrix apply(Matrix x, Pass pass);

    /// Builds a module.
    ///
    /// @param kernels lay out the weights
    /// @param arena   owns what is packed
    /// @throws CheckpointException naming every tensor that is missing or has another shape than config.json says
    static BuiltModule of(SentenceModule module, Kernels kernels, Arena arena) {
        return switch (module) {
            case SentenceModule.Normalize normalize -> (x, pass) -> pass.normalize(normalize.name(), x);
            case SentenceModule.Norm norm -> read(norm.folder(), norm.name(), kernels, arena, weights -> {
                LayerNorm layer = weights.at("norm").layerNorm(norm.size(), LAYER_NORM_EPS);
                return (x, pass) -> pass.layerNorm(layer, x);
            });
            case SentenceModule.Dense dense -> read(dense.folder(), dense.name(), kernels, arena,
                    weights -> dense(dense, weights));
        };
    }

    private static BuiltModule read(Path folder, String name, Kernels kernels, Arena arena,
            Function<Weights, BuiltModule> build) {
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            Weights weights = Weights.of(checkpoint, kernels, arena, List.of(""), "").at("", name);
            BuiltModule built = build.apply(weights);
            weights.finish(List.of());
            return built;
        }
    }

    private static BuiltModule dense(SentenceModule.Dense dense, Weights weights) {
        Linear linear = dense.bias() ? weights.at("linear").linearWithBias(dense.in(), dense.out())
                : weights.at("linear").linear(dense.in(), dense.out());
        Activation activation = new Activation(dense.name() + ".activation_function", dense.activation());
        if (!dense.residual()) {
            return (x, pass) -> pass.linear(linear, x, activation);
        }
        @Nullable Linear residual = dense.in() != dense.out() || weights.at("residual").exists()
                ? weights.at("residual").linear(dense.in(), dense.out()) : null;
        return (x, pass) -> {
            Matrix y = pass.linear(linear, x, activation);                                      // [rows, out]
            Matrix added = residual == null ? x : pass.linear(residual, x);                     // [rows, out]
            return pass.module(dense.name(), pass.add(y, added));                               // [rows, out]
        };
    }
}
