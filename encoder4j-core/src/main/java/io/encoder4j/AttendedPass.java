// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Arrays;

/// Lets another pass compute, and no token attend to a sequence's last ones: those ColBERT fills a query up with. All
/// sequences must have one length.
///
/// @param attended tokens of each sequence that are seen
record AttendedPass(Pass pass, int[] attended) implements Pass {

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences, AttentionBias bias) {
        if (bias != AttentionBias.NONE) {
            throw new UnsupportedOperationException(attention.name() + ": queries filled up with tokens nobody attends to"
                    + " are implemented for encoders without an attention bias; here it is " + bias.getClass().getSimpleName());
        }
        return pass.attention(attention, q, k, v, sequences, hidden(sequences));
    }

    private AttentionBias hidden(Sequences sequences) {
        int length = sequences.longest();
        float[] values = new float[sequences.count() * length * length];
        for (int i = 0; i < sequences.count(); i++) {
            for (int query = 0; query < length; query++) {
                int row = (i * length + query) * length;
                Arrays.fill(values, row + attended[i], row + length, Float.NEGATIVE_INFINITY);
            }
        }
        return new AttentionBias.Dense(values, length, true, false, 1);
    }

    @Override
    public Matrix embed(Embedding embedding, int[] ids) {
        return pass.embed(embedding, ids);
    }

    @Override
    public Matrix linear(Linear linear, Matrix x, Activation activation) {
        return pass.linear(linear, x, activation);
    }

    @Override
    public Matrix activation(Activation activation, Matrix x) {
        return pass.activation(activation, x);
    }

    @Override
    public Matrix add(Matrix a, Matrix b) {
        return pass.add(a, b);
    }

    @Override
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        return pass.layerNorm(norm, x);
    }

    @Override
    public Matrix rows(Matrix x, int[] rows) {
        return pass.rows(x, rows);
    }

    @Override
    public Matrix mean(Matrix x, Sequences sequences) {
        return pass.mean(x, sequences);
    }

    @Override
    public Matrix layer(String name, Matrix x) {
        return pass.layer(name, x);
    }
}
