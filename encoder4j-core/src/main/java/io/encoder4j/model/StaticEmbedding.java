// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Static embeddings: a token always has the same vector, whatever stands beside it. There is a table and no layer, so that a
/// text is embedded in microseconds. Files are sentence-transformers' `StaticEmbedding` (`embedding.weight`), or model2vec's
/// (`embeddings`; Tulkens and van Dongen 2024), which may share a row among tokens (`mapping`) and weight each token (`weights`).
///
/// @param table a row for each token, or for each group of tokens
/// @param rows  the row of each token; null if token `i` has row `i`
/// @param scale the weight of each token; null if all are 1
/// @param heads none
record StaticEmbedding(Embedding table, int @Nullable [] rows, @Nullable Scale scale, Heads heads) implements Encoder {

    private static final String[] TABLES = {"embedding.weight", "embeddings"};

    /// A number for each token that its vector is multiplied by.
    ///
    /// @param weights `[V]`
    /// @param spread  copies a number to all features: ones, `[H, 1]`
    record Scale(Embedding weights, Linear spread) {

        Matrix forward(int[] ids, Matrix x, Pass pass) {
            Matrix weight = pass.embed(weights, ids);                                           // [T, 1]
            return pass.module("weighted", pass.multiply(x, pass.linear(spread, weight)));      // [T, H]
        }
    }

    /// Builds the encoder from a checkpoint's weights, which say all sizes.
    static StaticEmbedding load(ModelConfig json, Weights weights) {
        long[] shape = weights.find(TABLES).map(StoredTensor::shape).orElse(new long[0]);
        int size = shape.length == 2 ? Math.toIntExact(shape[0]) : 1;
        int hidden = shape.length == 2 ? Math.toIntExact(shape[1]) : 1;
        Embedding table = weights.table("embedding", size, hidden, TABLES);
        int[] rows = weights.indices("mapping", size).orElse(null);
        Scale scale = weights.find("weights").isEmpty() ? null
                : scale(weights, rows == null ? size : rows.length, hidden);
        return new StaticEmbedding(table, rows, scale, new Heads(Heads.Config.read(json), weights));
    }

    private static Scale scale(Weights weights, int vocabSize, int hidden) {
        float[] ones = new float[hidden];
        Arrays.fill(ones, 1);
        return new Scale(new Embedding("weights", weights.vector(vocabSize, "weights")),
                new Linear("weights.spread", Parameter.of("weights.spread", ones, hidden, 1), null));
    }

    @Override
    public Sizes sizes() {
        return Sizes.endless(Integer.MAX_VALUE, table.weight().cols(), Optional.ofNullable(rows).map(r -> r.length).orElse(table.size()));
    }

    @Override
    public boolean takesEmptyTexts() {
        return true;
    }

    /// `[T] → [T, H]`.
    ///
    /// @throws IllegalArgumentException if an id is outside the vocabulary
    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = pass.embed(table, rows == null ? batch.ids() : rows(batch.ids(), rows));     // [T, H]
        return scale == null ? x : scale.forward(batch.ids(), x, pass);                         // [T, H]
    }

    private static int[] rows(int[] ids, int[] rows) {
        int[] found = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= rows.length) {
                throw new IllegalArgumentException("embedding: id " + ids[i] + " at token " + i + " is outside the vocabulary of "
                        + rows.length + " tokens");
            }
            found[i] = rows[ids[i]];
        }
        return found;
    }
}
