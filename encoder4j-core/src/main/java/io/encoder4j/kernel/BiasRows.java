// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The bias of one head over one sequence as rows of numbers, one row for each query. Every fast kernel adds these to the scaled
/// scores, so all agree on every bit. Memory grows with the sequence's length, not with its square.
public final class BiasRows {

    private final AttentionBias bias;
    private final int sequence;
    private final int head;
    private final @Nullable Positions positions;
    private final int length;
    private float[] row = new float[0];
    private float[] values = row;
    private int start;

    private BiasRows(AttentionBias bias, int sequence, int head, @Nullable Positions positions, int length) {
        this.bias = bias;
        this.sequence = sequence;
        this.head = head;
        this.positions = positions;
        this.length = length;
    }

    /// {@return the rows of a head, or null if there is no bias}
    ///
    /// @param bias     the bias of the pass
    /// @param q        the head's queries in this sequence, `[S, D]`
    /// @param k        the head's keys in this sequence, `[S, D]`
    /// @param scale    what scores are multiplied by
    /// @param sequence which sequence of the batch
    /// @param head     which head
    public static @Nullable BiasRows of(AttentionBias bias, Matrix q, Matrix k, float scale, int sequence, int head) {
        if (bias instanceof AttentionBias.None) {
            return null;
        }
        Positions positions = bias instanceof AttentionBias.Disentangled d ? Positions.of(d, q, k, scale, head) : null;
        return new BiasRows(bias, sequence, head, positions, q.rows());
    }

    /// Makes the row of this query current. Only the keys of the range are computed.
    ///
    /// @param query the query, from the sequence's start
    /// @param keys  the keys it can see
    public void moveTo(int query, KeyRange keys) {
        if (bias instanceof AttentionBias.Dense dense) {
            values = dense.values();
            start = dense.row(sequence, head, query);
        } else if (bias instanceof AttentionBias.ByDistance by && by.reach() >= length - 1) {
            // Every distance has its own value, so the row is a part of the array.
            values = by.values();
            start = by.centre(head) - query;
        } else {
            row = row.length == 0 ? new float[length] : row;
            values = row;
            Arrays.fill(row, keys.from(), keys.to(), 0);
            add(bias, query, keys);
        }
    }

    /// {@return an array that holds the current row, from [#start] on}
    public float[] values() {
        return values;
    }

    /// {@return index of the value for key 0}
    public int start() {
        return start;
    }

    private void add(AttentionBias part, int query, KeyRange keys) {
        switch (part) {
            case AttentionBias.None _ -> { }
            case AttentionBias.Dense dense -> {
                int from = dense.row(sequence, head, query);
                for (int key = keys.from(); key < keys.to(); key++) {
                    row[key] += dense.values()[from + key];
                }
            }
            case AttentionBias.ByDistance by -> addByDistance(by, query, keys);
            case AttentionBias.Window window -> {
                int first = Math.clamp((long) query - window.reach(), keys.from(), keys.to());
                int after = Math.clamp(query + 1L + window.reach(), keys.from(), keys.to());
                Arrays.fill(row, keys.from(), first, Float.NEGATIVE_INFINITY);
                Arrays.fill(row, after, keys.to(), Float.NEGATIVE_INFINITY);
            }
            case AttentionBias.VisibleKeys visible -> {
                int after = Math.clamp(visible.counts()[sequence], keys.from(), keys.to());
                Arrays.fill(row, after, keys.to(), Float.NEGATIVE_INFINITY);
            }
            case AttentionBias.Sum sum -> {
                add(sum.first(), query, keys);
                add(sum.second(), query, keys);
            }
            case AttentionBias.Disentangled d -> Objects.requireNonNull(positions).add(d, query, row, keys);
        }
    }

    private void addByDistance(AttentionBias.ByDistance by, int query, KeyRange keys) {
        float[] all = by.values();
        int centre = by.centre(head);
        int near = Math.clamp((long) query - by.reach(), keys.from(), keys.to());
        int far = Math.clamp(query + 1L + by.reach(), keys.from(), keys.to());
        for (int key = keys.from(); key < near; key++) {
            row[key] += all[centre - by.reach()];
        }
        for (int key = near, at = centre + near - query; key < far; key++, at++) {
            row[key] += all[at];
        }
        for (int key = far; key < keys.to(); key++) {
            row[key] += all[centre + by.reach()];
        }
    }

    /// Products of one head with the relative positions its sequence reaches.
    ///
    /// @param first     first row of the relative positions in use
    /// @param width     number of them
    /// @param queries   `[S][D]`, or null without content to position
    /// @param keys      `[D][width]`, relative positions that queries look at
    /// @param fromKeys  `[S][width]`, products of keys with relative positions that look at them, or null
    private record Positions(int first, int width, float scale, int headSize, float @Nullable [][] queries,
            float[][] keys, float @Nullable [][] fromKeys, float[][] fromQuery) {

        static Positions of(AttentionBias.Disentangled d, Matrix q, Matrix k, float scale, int head) {
            int length = q.rows();
            int headSize = q.cols();
            int first = length == 0 ? 0 : d.row(0, length - 1);
            int count = length == 0 ? 0 : d.row(length - 1, 0) - first + 1;
            int width = count;
            float[][] fromKeys = null;
            if (d.queries() != null) {
                fromKeys = new float[length][width];
                PlainGemm.multiply(length, headSize, width, PlainKernels.rows(k, 0, length),
                        transposed(d.queries(), first, count, head, headSize, width), fromKeys);
            }
            return new Positions(first, width, scale, headSize, d.keys() == null ? null : PlainKernels.rows(q, 0, length),
                    d.keys() == null ? new float[0][] : transposed(d.keys(), first, count, head, headSize, width),
                    fromKeys, new float[1][width]);
        }

        private static float[][] transposed(Matrix positions, int first, int count, int head, int headSize, int width) {
            float[][] transposed = new float[headSize][width];
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < headSize; i++) {
                    transposed[i][row] = positions.get(first + row, head * headSize + i);
                }
            }
            return transposed;
        }

        void add(AttentionBias.Disentangled d, int query, float[] row, KeyRange range) {
            if (queries != null) {
                Arrays.fill(fromQuery[0], 0);
                PlainGemm.multiply(1, headSize, width, new float[][] {queries[query]}, keys, fromQuery);
            }
            for (int key = range.from(); key < range.to(); key++) {
                int column = d.row(query, key) - first;
                row[key] += scale * (fromQuery[0][column] + (fromKeys == null ? 0 : fromKeys[key][column]));
            }
        }
    }
}
