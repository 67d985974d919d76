// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Optional;
import java.util.stream.IntStream;

/// DeBERTa's table of relative positions (He et al. 2020): a vector for each distance up to a span, or for each bucket of
/// distances, on either side.
///
/// @param table       `[2 · span, H]`; the row of distance 0 is the one in the middle
/// @param norm        applied to the table's vectors, in version 3
/// @param buckets     buckets on each side, or 0: near distances have one each, farther ones share them logarithmically
/// @param maxDistance the distance at which the buckets end
record RelativePositions(Embedding table, Optional<LayerNorm> norm, int buckets, int maxDistance) {

    /// The rows that a batch needs.
    ///
    /// @param ids  rows of the table in use, one after the other
    /// @param rows for each distance `query - key`, from the smallest on, which of them
    record InUse(int[] ids, int[] rows) { }

    static RelativePositions load(DebertaV2.Config config, Weights encoder) {
        int span = config.buckets() > 0 ? config.buckets() : config.maxDistance();
        Optional<LayerNorm> norm = !config.normed() ? Optional.empty()
                : Optional.of(encoder.at("LayerNorm").layerNorm(config.hiddenSize(), config.layerNormEps()));
        return new RelativePositions(encoder.at("rel_embeddings").embedding(2 * span, config.hiddenSize()), norm,
                config.buckets(), config.maxDistance());
    }

    InUse inUse(Sequences sequences) {
        int reach = Math.max(0, sequences.longest() - 1);
        int span = table.size() / 2;
        int[] rows = IntStream.rangeClosed(-reach, reach)
                .map(distance -> Math.clamp(bucket(distance) + span, 0, 2 * span - 1)).toArray();
        int first = rows[0];
        return new InUse(IntStream.rangeClosed(first, rows[rows.length - 1]).toArray(),
                IntStream.of(rows).map(row -> row - first).toArray());
    }

    /// The vectors of the rows in use, `[R, H]`. Looked up again in each layer, because a result does not live longer.
    Matrix vectors(InUse inUse, Pass pass) {
        Matrix vectors = pass.embed(table, inUse.ids);                                          // [R, H]
        return norm.isPresent() ? pass.layerNorm(norm.get(), vectors) : vectors;                // [R, H]
    }

    /// The bucket of a distance, computed in float32 like the reference: a logarithm that is a whole number must not be
    /// rounded up.
    int bucket(int distance) {
        int exact = buckets / 2;
        int far = Math.abs(distance);
        if (buckets == 0 || far <= exact) {
            return distance;
        }
        float log = (float) Math.log((float) far / exact) / (float) Math.log((maxDistance - 1f) / exact) * (exact - 1);
        return Integer.signum(distance) * ((int) Math.ceil(log) + exact);
    }
}
