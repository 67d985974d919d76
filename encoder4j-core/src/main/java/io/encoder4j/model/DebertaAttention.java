// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// DeBERTa's self-attention, in which its versions differ.
interface DebertaAttention {

    /// `[T, H] → [T, H]`.
    ///
    /// @param positions the table of relative positions, or null without
    /// @param inUse     its rows that this batch needs
    Matrix forward(Matrix x, @Nullable RelativePositions positions, RelativePositions.@Nullable InUse inUse,
            Sequences sequences, Pass pass);

    /// That of versions 2 and 3.
    static DebertaAttention load(DebertaV2.Config config, Weights w) {
        return Separate.load(config, w);
    }

    /// The scale of the scores: `1 / √(D · parts of a score)`.
    static Attention attention(DebertaV2.Config config, Weights w) {
        return new Attention(w.name(), config.heads(), (float) (1 / Math.sqrt(config.headSize() * config.scaleFactor())));
    }

    /// What relative positions add to the scores.
    static AttentionBias bias(@Nullable RelativePositions positions, RelativePositions.@Nullable InUse inUse,
            Optional<Linear> positionKey, Optional<Linear> positionQuery, Pass pass) {
        if (positions == null || inUse == null) {
            return AttentionBias.NONE;
        }
        Matrix r = positions.vectors(inUse, pass);                                              // [R, H]
        Matrix queries = positionQuery.isEmpty() ? null : pass.linear(positionQuery.get(), r);  // [R, H]
        Matrix keys = positionKey.isEmpty() ? null : pass.linear(positionKey.get(), r);         // [R, H]
        return new AttentionBias.Disentangled(keys, queries, inUse.rows());
    }

    /// Queries, keys and values from a layer each.
    ///
    /// @param positionKey   projects relative positions that queries look at; the keys' own layer if they share it
    /// @param positionQuery projects relative positions that look at keys; likewise
    record Separate(Linear query, Linear key, Linear value, Optional<Linear> positionKey,
            Optional<Linear> positionQuery, Attention attention) implements DebertaAttention {

        private static DebertaAttention load(DebertaV2.Config config, Weights w) {
            int hidden = config.hiddenSize();
            Linear query = w.at("query_proj").linearWithBias(hidden, hidden);
            Linear key = w.at("key_proj").linearWithBias(hidden, hidden);
            boolean own = config.relative() && !config.sharedKeys();
            return new Separate(query, key, w.at("value_proj").linearWithBias(hidden, hidden),
                    !config.toPosition() ? Optional.empty()
                            : Optional.of(own ? w.at("pos_key_proj").linearWithBias(hidden, hidden) : key),
                    !config.toContent() ? Optional.empty()
                            : Optional.of(own ? w.at("pos_query_proj").linearWithBias(hidden, hidden) : query),
                    DebertaAttention.attention(config, w));
        }

        @Override
        public Matrix forward(Matrix x, @Nullable RelativePositions positions, RelativePositions.@Nullable InUse inUse,
                Sequences sequences, Pass pass) {
            Matrix q = pass.linear(query, x);                                                   // [T, H]
            Matrix k = pass.linear(key, x);                                                     // [T, H]
            Matrix v = pass.linear(value, x);                                                   // [T, H]
            AttentionBias bias = DebertaAttention.bias(positions, inUse, positionKey, positionQuery, pass);
            return pass.attention(attention, q, k, v, sequences, bias);                         // [T, H]
        }
    }
}
