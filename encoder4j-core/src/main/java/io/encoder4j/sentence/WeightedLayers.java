// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.sentence;

import io.encoder4j.checkpoint.Checkpoints;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.DelegatingPass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Computes a [LayerMean].
///
/// @param mean    which layers
/// @param weights `[last - first + 1]`, `layer_weights` in the checkpoint
public record WeightedLayers(LayerMean mean, Parameter weights) {

    static WeightedLayers build(LayerMean mean, Kernels kernels, Arena arena) {
        Weights weights = Weights.of(Checkpoints.open(mean.folder(), arena), kernels, arena, List.of(""), "");
        Parameter layers = weights.vector(mean.last() - mean.first() + 1, "layer_weights");
        weights.finish(List.of(), 1);
        return new WeightedLayers(mean, layers);
    }

    /// Runs an encoder and returns, in place of its last hidden state, the weighted mean of its layers: `[T, H]`.
    ///
    /// @param pass    computes
    /// @param encoder computes the last hidden state with the pass it is given
    /// @return `[T, H]`
    /// @throws IllegalStateException if it has another number of layers
    public Matrix of(Pass pass, Forward encoder) {
        Sum sum = new Sum(pass);
        Matrix last = encoder.apply(sum);                                                       // [T, H]
        if (sum.layer != mean.last()) {
            throw new IllegalStateException(mean.folder() + ": num_hidden_layers is " + mean.last() + ", the encoder has "
                    + sum.layer);
        }
        sum.add(last, mean.last());
        return pass.module(mean.name(), sum.sum);                                               // [T, H]
    }

    /// A forward pass.
    @FunctionalInterface
    public interface Forward {

        /// {@return the last hidden state: `[T, H]`}
        ///
        /// @param pass computes
        Matrix apply(Pass pass);
    }

    /// Adds what each layer gives as soon as it is there, since no pass keeps it longer. The last layer is added at the end: some
    /// families normalise it once more.
    private final class Sum implements DelegatingPass {

        private final Pass pass;
        private int layer;
        private @Nullable Matrix sum;

        Sum(Pass pass) {
            this.pass = pass;
        }

        @Override
        public Pass pass() {
            return pass;
        }

        @Override
        public Matrix layer(String name, Matrix x) {
            Matrix marked = pass.layer(name, x);                                                // [T, H]
            layer++;
            if (layer >= mean.first() && layer < mean.last()) {
                add(marked, layer);
            }
            return marked;
        }

        private void add(Matrix x, int number) {
            Matrix scaled = pass.scale(factors(number, x.cols()), x);                           // [T, H]
            sum = sum == null ? scaled : pass.add(sum, scaled);                                 // [T, H]
        }

        private Parameter factors(int number, int size) {
            float[] all = weights.vector();
            double total = 0;
            for (float weight : all) {
                total += weight;
            }
            float[] factors = new float[size];
            Arrays.fill(factors, (float) (all[number - mean.first()] / total));
            return Parameter.of(weights.name(), factors, size);
        }
    }
}
