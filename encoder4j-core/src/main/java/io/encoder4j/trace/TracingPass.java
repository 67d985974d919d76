// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.trace;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.AttentionWeights;
import io.encoder4j.nn.DelegatingPass;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Lets another pass compute and keeps a copy of every result by name, so its numbers have the other pass's bits.
/// Attention probabilities, which a fast kernel never forms, are computed again, plainly.
public final class TracingPass implements DelegatingPass {

    private final Pass pass;
    private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    private final SequencedMap<String, List<Tensor>> probs = new LinkedHashMap<>();
    private Sequences sequences = Sequences.ofLengths();

    /// A pass that records what another one computes.
    ///
    /// @param pass computes
    public TracingPass(Pass pass) {
        this.pass = pass;
    }

    @Override
    public Pass pass() {
        return pass;
    }

    /// {@return what was computed so far}
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
    public Matrix layerNorm(LayerNorm norm, Matrix x) {
        return keep(norm.name(), pass.layerNorm(norm, x));
    }

    @Override
    public Matrix rmsNorm(RmsNorm norm, Matrix x) {
        return keep(norm.name(), pass.rmsNorm(norm, x));
    }

    @Override
    public Matrix rotate(Rotation rotation, Matrix x, int heads) {
        if (!rotation.name().isEmpty()) {
            outputs.put(rotation.name(), cosines(rotation));
        }
        return pass.rotate(rotation, x, heads);
    }

    @Override
    public Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences s, AttentionBias bias) {
        sequences = s;
        List<Tensor> perSequence = new ArrayList<>();
        Matrix queries = pass.fetch(q);
        Matrix keys = pass.fetch(k);
        AttentionBias readable = bias.map(pass::fetch);
        for (int i = 0; i < s.count(); i++) {
            perSequence.add(AttentionWeights.of(attention, queries, keys, s, i, readable));
        }
        probs.put(unique(attention.name()), perSequence);
        keepBias(bias, s.longest());
        return keep(attention.name(), pass.attention(attention, q, k, v, s, bias));
    }

    @Override
    public Matrix pool(TokenPooling pooling, Matrix x, Sequences s) {
        return keep(pooling.name(), pass.pool(pooling, x, s));
    }

    @Override
    public Matrix normalize(String name, Matrix x) {
        return keep(name, pass.normalize(name, x));
    }

    @Override
    public Matrix module(String name, Matrix x) {
        return pass.module(name, keep(name, x));
    }

    @Override
    public Matrix layer(String name, Matrix x) {
        return pass.layer(name, keep(name, x));
    }

    private Matrix keep(String name, Matrix x) {
        if (!name.isEmpty()) {
            outputs.putLast(name, Tensor.of(pass.fetch(x)));
        }
        return x;
    }

    private String unique(String name) {
        String free = name;
        for (int i = 2; probs.containsKey(free); i++) {
            free = name + " #" + i;
        }
        return free;
    }

    /// Cosines as the reference's module gives them, one for each feature: `[T, 2 · pairs]`.
    private static Tensor cosines(Rotation rotation) {
        int pairs = rotation.pairs();
        Tensor cosines = Tensor.zeros(rotation.rows().length, 2 * pairs);
        for (int t = 0; t < rotation.rows().length; t++) {
            for (int f = 0; f < 2 * pairs; f++) {
                int pair = rotation.interleaved() ? f / 2 : f % pairs;
                cosines.set(rotation.cos()[rotation.rows()[t] * pairs + pair], t, f);
            }
        }
        return cosines;
    }

    /// A bias that a module of the reference makes, as that module gives it: `[S, S, N]`.
    private void keepBias(AttentionBias bias, int length) {
        switch (bias) {
            case AttentionBias.Sum sum -> {
                keepBias(sum.first(), length);
                keepBias(sum.second(), length);
            }
            case AttentionBias.ByDistance by when !by.name().isEmpty() -> {
                Tensor values = Tensor.zeros(length, length, by.heads());
                for (int query = 0; query < length; query++) {
                    for (int key = 0; key < length; key++) {
                        int distance = Math.clamp(key - query, -by.reach(), by.reach());
                        for (int head = 0; head < by.heads(); head++) {
                            values.set(by.values()[by.centre(head) + distance], query, key, head);
                        }
                    }
                }
                outputs.put(by.name(), values);
            }
            default -> { }
        }
    }
}
