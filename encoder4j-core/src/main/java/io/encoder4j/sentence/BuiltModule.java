// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
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
///
/// @param step   `[rows, in] → [rows, out]`
/// @param parameters what it learned
public record BuiltModule(Step step, List<Parameter> parameters) {

    /// torch's default, which the module never changes.
    private static final float LAYER_NORM_EPS = 1e-5f;

    /// What a module computes.
    @FunctionalInterface
    public interface Step {

        /// {@return `[rows, in] → [rows, out]`}
        ///
        /// @param x    `[B, features]`
        /// @param pass computes
        Matrix apply(Matrix x, Pass pass);
    }

    /// Builds a module.
    ///
    /// @param module  what its files say
    /// @param kernels lay out the weights
    /// @param arena   owns what is packed or mapped
    /// @return the module, ready to compute
    /// @throws CheckpointException naming every tensor that is missing or has another shape than config.json says
    public static BuiltModule of(SentenceModule module, Kernels kernels, Arena arena) {
        return switch (module) {
            case SentenceModule.Normalize normalize ->
                    new BuiltModule((x, pass) -> pass.normalize(normalize.name(), x), List.of());
            case SentenceModule.Norm norm -> read(norm.folder(), norm.name(), kernels, arena, weights -> {
                LayerNorm layer = weights.at("norm").layerNorm(norm.size(), LAYER_NORM_EPS);
                return (x, pass) -> pass.layerNorm(layer, x);
            });
            case SentenceModule.Dense dense -> read(dense.folder(), dense.name(), kernels, arena,
                    weights -> dense(dense, weights));
        };
    }

    private static BuiltModule read(Path folder, String name, Kernels kernels, Arena arena,
            Function<Weights, Step> build) {
        Weights weights = Weights.of(Checkpoints.open(folder, arena), kernels, arena, List.of(""), "").at("", name);
        Step step = build.apply(weights);
        weights.finish(List.of(), 1);
        return new BuiltModule(step, weights.source().all());
    }

    private static Step dense(SentenceModule.Dense dense, Weights weights) {
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
