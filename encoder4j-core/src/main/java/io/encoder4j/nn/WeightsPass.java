// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Lets another pass compute and keeps the attention weights of every call, for sequences of equal length.
record WeightsPass(Pass pass, List<Tensor> weights) implements Pass {

    WeightsPass(Pass pass) {
        this(pass, new ArrayList<>());
    }

    /// The weights of call `i` as torch shapes them: `[N, heads, S, S]`; without N if unbatched, without heads if
    /// averaged.
    Tensor weights(int i, boolean batched, boolean average) {
        return AttentionWeights.shaped(weights.get(i), batched, average);
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences,
            AttentionBias bias) {
        int length = sequences.longest();
        Tensor all = Tensor.zeros(sequences.count(), attention.heads(), length, length);
        for (int i = 0; i < sequences.count(); i++) {
            float[] one = AttentionWeights.of(attention, q, k, sequences, i, bias).values();
            System.arraycopy(one, 0, all.values(), i * one.length, one.length);
        }
        weights.add(all);
        return pass.attention(attention, q, k, v, sequences, bias);
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
    public Matrix dropout(Matrix x, float p) {
        return pass.dropout(x, p);
    }

    @Override
    public Matrix layer(String name, Matrix x) {
        return pass.layer(name, x);
    }
}
