// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Lets another pass compute and keeps the sums, which have no module and so no name in a trace.
record AddsPass(Pass pass, List<Tensor> sums) implements Pass {

    AddsPass(Pass pass) {
        this(pass, new ArrayList<>());
    }

    @Override
    public Matrix add(Matrix a, Matrix b) {
        Matrix sum = pass.add(a, b);
        sums.add(Tensor.of(sum));
        return sum;
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
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        return pass.layerNorm(norm, x);
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences, AttentionBias bias) {
        return pass.attention(attention, q, k, v, sequences, bias);
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
