// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One head of an attention over one sequence, by hand.
///
/// @param q        queries of all heads and sequences, `[T, N·D]`
/// @param k        keys, `[T, G·D]`
/// @param v        values, `[T, G·D]`
/// @param sequence which sequence
/// @param head     which head of the queries
/// @param keyHead  the head of keys and values that it shares
/// @param size     features of a head, D
public record HeadByHand(Operation.Attend attend, Tensor q, Tensor k, Tensor v, int sequence, int head, int keyHead, int size) {

    /// A head.
    ///
    /// @param inputs queries, keys and values of all heads
    public static HeadByHand of(Operation.Attend attend, List<Tensor> inputs, int sequence, int head) {
        int heads = attend.attention().heads();
        return new HeadByHand(attend, inputs.get(0), inputs.get(1), inputs.get(2), sequence, head,
                head / (heads / attend.attention().keyHeads()), inputs.get(0).size(-1) / heads);
    }

    int start() {
        return attend.sequences().start(sequence);
    }

    int length() {
        return attend.sequences().length(sequence);
    }

    /// The query of a token, counted from the sequence's start.
    double[] query(int token) {
        return part(q, start() + token, head);
    }

    /// The key of a token.
    double[] key(int token) {
        return part(k, start() + token, keyHead);
    }

    private double[] part(Tensor x, int row, int part) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = x.values()[row * x.size(-1) + part * size + i];
        }
        return values;
    }

    /// `q · k · scale + bias` of a query and all keys.
    public double[] scores(int query) {
        double[] scores = new double[length()];
        double[] one = query(query);
        int stride = k.size(-1);
        for (int key = 0; key < scores.length; key++) {
            int at = (start() + key) * stride + keyHead * size;
            double dot = 0;
            for (int i = 0; i < size; i++) {
                dot += one[i] * k.values()[at + i];
            }
            scores[key] = dot * attend.attention().scale() + bias(query, key);
        }
        return scores;
    }

    /// What is added to a score.
    double bias(int query, int key) {
        return bias(attend.bias(), query, key);
    }

    private double bias(AttentionBias bias, int query, int key) {
        return switch (bias) {
            case AttentionBias.None _ -> 0;
            case AttentionBias.Dense dense -> dense.values()[dense.row(sequence, head, query) + key];
            case AttentionBias.ByDistance by -> by.values()[by.centre(head) + Math.clamp(key - query, -by.reach(), by.reach())];
            case AttentionBias.Window window -> Math.abs(key - query) <= window.reach() ? 0 : Double.NEGATIVE_INFINITY;
            case AttentionBias.VisibleKeys visible -> key < visible.counts()[sequence] ? 0 : Double.NEGATIVE_INFINITY;
            case AttentionBias.Sum sum -> bias(sum.first(), query, key) + bias(sum.second(), query, key);
            case AttentionBias.Disentangled d -> attend.attention().scale() * (dot(query(query), d.keys(), d.row(query, key))
                    + dot(key(key), d.queries(), d.row(query, key)));
        };
    }

    /// A query or key with a relative position of this head.
    private double dot(double[] x, @Nullable Matrix positions, int row) {
        double dot = 0;
        for (int i = 0; i < size && positions != null; i++) {
            dot += x[i] * positions.get(row, head * size + i);
        }
        return dot;
    }

    /// `eˣ / Σ eˣ`; zeros if no key can be seen.
    public double[] softmax(double[] scores) {
        // Taking the largest away changes nothing but keeps the powers finite.
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double[] probs = new double[scores.length];
        double sum = 0;
        for (int i = 0; i < probs.length && max > Double.NEGATIVE_INFINITY; i++) {
            probs[i] = Math.exp(scores[i] - max);
            sum += probs[i];
        }
        for (int i = 0; i < probs.length && sum > 0; i++) {
            probs[i] /= sum;
        }
        return probs;
    }

    /// The values of all tokens, weighted.
    double[] weighted(double[] probs) {
        double[] context = new double[size];
        for (int key = 0; key < probs.length; key++) {
            int at = (start() + key) * v.size(-1) + keyHead * size;
            for (int i = 0; i < size; i++) {
                context[i] += probs[key] * v.values()[at + i];
            }
        }
        return context;
    }
}
