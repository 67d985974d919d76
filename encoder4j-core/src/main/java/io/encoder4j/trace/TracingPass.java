// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.AttentionWeights;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Lets another pass compute and keeps a copy of every result by name, so its numbers have the other pass's bits.
/// Attention probabilities, which a fast kernel never forms, are computed again, plainly.
public final class TracingPass implements Pass {

    private final Pass pass;
    private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    private final SequencedMap<String, List<Tensor>> probs = new LinkedHashMap<>();
    private Sequences sequences = Sequences.ofLengths();

    /// @param pass computes
    public TracingPass(Pass pass) {
        this.pass = pass;
    }

    /// What was computed so far.
    public Trace trace() {
        return new Trace(outputs, probs, sequences);
    }

    @Override
    public Matrix embed(Embedding embedding, int[] ids) {
        return keep(embedding.name(), pass.embed(embedding, ids));
    }

    @Override
    public Matrix linear(Linear linear, Matrix x, Activation activation) {
        Matrix out = keep(linear.name(), pass.linear(linear, x));
        return activation == Activation.NONE ? out : activation(activation, out);
    }

    @Override
    public Matrix activation(Activation activation, Matrix x) {
        return keep(activation.name(), pass.activation(activation, x));
    }

    @Override
    public Matrix add(Matrix a, Matrix b) {
        return pass.add(a, b);
    }

    @Override
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        return keep(norm.name(), pass.layerNorm(norm, x));
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences s, AttentionBias bias) {
        sequences = s;
        List<Tensor> perSequence = new ArrayList<>();
        for (int i = 0; i < s.count(); i++) {
            perSequence.add(AttentionWeights.of(attention, q, k, s, i, bias));
        }
        probs.put(attention.name(), perSequence);
        return keep(attention.name(), pass.attention(attention, q, k, v, s, bias));
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
        return pass.layer(name, keep(name, x));
    }

    private Matrix keep(String name, Matrix x) {
        outputs.put(name, Tensor.of(x));
        return x;
    }
}
