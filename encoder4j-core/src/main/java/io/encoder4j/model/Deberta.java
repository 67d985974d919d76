// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Sequences;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The first DeBERTa (He et al. 2020), transformers' `DebertaModel`: a [DebertaV2] whose queries, keys and values come out of
/// one layer head by head, with biases for queries and values only, and with a row of its own for each distance.
final class Deberta {

    private Deberta() { }

    static Encoder load(ModelConfig json, Weights weights) {
        json.only("position_buckets", -1, 0);
        json.only("conv_kernel_size", 0);
        return DebertaV2.load(DebertaV2.Config.read(json), weights, InOne::load);
    }

    /// @param all       for each head its query, key and value beside each other
    /// @param queryBias `[H]`
    /// @param valueBias `[H]`
    private record InOne(Linear all, Parameter queryBias, Parameter valueBias, Optional<Linear> positionKey,
            Optional<Linear> positionQuery, Attention attention) implements DebertaAttention {

        static DebertaAttention load(DebertaV2.Config config, Weights w) {
            int hidden = config.hiddenSize();
            return new InOne(w.at("in_proj").linear(hidden, 3 * hidden), w.vector(hidden, "q_bias"),
                    w.vector(hidden, "v_bias"),
                    !config.relative() || !config.toPosition() ? Optional.empty()
                            : Optional.of(w.at("pos_proj").linear(hidden, hidden)),
                    !config.relative() || !config.toContent() ? Optional.empty()
                            : Optional.of(w.at("pos_q_proj").linearWithBias(hidden, hidden)),
                    DebertaAttention.attention(config, w));
        }

        @Override
        public Matrix forward(Matrix x, @Nullable RelativePositions positions, RelativePositions.@Nullable InUse inUse,
                Sequences sequences, Pass pass) {
            Matrix qkv = pass.linear(all, x);                                                   // [T, N·3·D]
            Matrix q = pass.shift(queryBias, part(qkv, 0, pass));                              // [T, H]
            Matrix k = part(qkv, 1, pass);                                                      // [T, H]
            Matrix v = pass.shift(valueBias, part(qkv, 2, pass));                              // [T, H]
            return pass.attention(attention, q, k, v, sequences,
                    DebertaAttention.bias(positions, inUse, positionKey, positionQuery, pass)); // [T, H]
        }

        private Matrix part(Matrix qkv, int part, Pass pass) {
            int heads = attention.heads();
            int[] rows = new int[qkv.rows() * heads];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = 3 * i + part;
            }
            Matrix byHead = qkv.reshape(3 * rows.length, qkv.cols() / (3 * heads));             // [T·N·3, D]
            return pass.rows(byHead, rows).reshape(qkv.rows(), qkv.cols() / 3);                 // [T, H]
        }
    }
}
