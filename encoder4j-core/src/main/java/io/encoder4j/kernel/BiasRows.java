// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The bias of one head over one sequence as rows of numbers, one query at a time: what every fast kernel adds to the
/// scaled scores. Shared by them, so that they agree on every bit; memory grows with the length, not with its square.
public final class BiasRows {

    private static final int PADDING = 8;

    private final AttentionBias bias;
    private final int sequence;
    private final int head;
    private final @Nullable Positions positions;
    private final float[] row;
    private float[] values;
    private int start;

    private BiasRows(AttentionBias bias, int sequence, int head, @Nullable Positions positions, int length) {
        this.bias = bias;
        this.sequence = sequence;
        this.head = head;
        this.positions = positions;
        row = new float[length];
        values = row;
    }

    /// The rows of a head, or null if nothing is added.
    ///
    /// @param q     the head's queries in this sequence, `[S, D]`
    /// @param k     the head's keys in this sequence, `[S, D]`
    /// @param scale what scores are multiplied by
    public static @Nullable BiasRows of(AttentionBias bias, Matrix q, Matrix k, float scale, int sequence, int head) {
        if (bias instanceof AttentionBias.None) {
            return null;
        }
        Positions positions = bias instanceof AttentionBias.Disentangled d ? Positions.of(d, q, k, scale, head) : null;
        return new BiasRows(bias, sequence, head, positions, q.rows());
    }

    /// Makes the row of this query current.
    public void moveTo(int query) {
        if (bias instanceof AttentionBias.Dense dense) {
            values = dense.values();
            start = dense.row(sequence, head, query);
        } else {
            Arrays.fill(row, 0);
            add(bias, query);
        }
    }

    /// An array that holds the current row, from [#start] on.
    public float[] values() {
        return values;
    }

    /// Index of the value for key 0.
    public int start() {
        return start;
    }

    private void add(AttentionBias part, int query) {
        switch (part) {
            case AttentionBias.None _ -> { }
            case AttentionBias.Dense dense -> {
                int from = dense.row(sequence, head, query);
                for (int key = 0; key < row.length; key++) {
                    row[key] += dense.values()[from + key];
                }
            }
            case AttentionBias.ByDistance by -> addByDistance(by, query);
            case AttentionBias.Window window -> {
                Arrays.fill(row, 0, Math.max(0, query - window.reach()), Float.NEGATIVE_INFINITY);
                int after = (int) Math.min(row.length, query + 1L + window.reach());
                Arrays.fill(row, after, row.length, Float.NEGATIVE_INFINITY);
            }
            case AttentionBias.Sum sum -> {
                add(sum.first(), query);
                add(sum.second(), query);
            }
            case AttentionBias.Disentangled d -> Objects.requireNonNull(positions).add(d, query, row);
        }
    }

    private void addByDistance(AttentionBias.ByDistance by, int query) {
        float[] all = by.values();
        int centre = by.centre(head);
        int near = Math.max(0, query - by.reach());
        int far = (int) Math.min(row.length, query + 1L + by.reach());
        for (int key = 0; key < near; key++) {
            row[key] += all[centre - by.reach()];
        }
        for (int key = near, at = centre + near - query; key < far; key++, at++) {
            row[key] += all[at];
        }
        for (int key = far; key < row.length; key++) {
            row[key] += all[centre + by.reach()];
        }
    }

    /// Products of one head with the relative positions its sequence reaches.
    ///
    /// @param first     first row of the relative positions in use
    /// @param width     number of them, filled up
    /// @param queries   `[S][D]`, or null without content to position
    /// @param keys      `[D][width]`, relative positions that queries look at
    /// @param fromKeys  `[S][width]`, products of keys with relative positions that look at them, or null
    private record Positions(int first, int width, float scale, int headSize, float @Nullable [] queries,
            float[] keys, float @Nullable [] fromKeys, float[] fromQuery) {

        static Positions of(AttentionBias.Disentangled d, Matrix q, Matrix k, float scale, int head) {
            int length = q.rows();
            int headSize = q.cols();
            int first = length == 0 ? 0 : d.row(0, length - 1);
            int count = length == 0 ? 0 : d.row(length - 1, 0) - first + 1;
            int width = Workers.blocks(count, PADDING) * PADDING;
            float[] fromKeys = null;
            if (d.queries() != null) {
                fromKeys = new float[length * width];
                PlainKernels.multiply(length, headSize, width, k.toArray(),
                        transposed(d.queries(), first, count, head, headSize, width), fromKeys);
            }
            return new Positions(first, width, scale, headSize, d.keys() == null ? null : q.toArray(),
                    d.keys() == null ? new float[0] : transposed(d.keys(), first, count, head, headSize, width),
                    fromKeys, new float[width]);
        }

        private static float[] transposed(Matrix positions, int first, int count, int head, int headSize, int width) {
            float[] transposed = new float[headSize * width];
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < headSize; i++) {
                    transposed[i * width + row] = positions.get(first + row, head * headSize + i);
                }
            }
            return transposed;
        }

        void add(AttentionBias.Disentangled d, int query, float[] row) {
            if (queries != null) {
                PlainKernels.multiply(1, headSize, width,
                        Arrays.copyOfRange(queries, query * headSize, (query + 1) * headSize), keys, fromQuery);
            }
            for (int key = 0; key < row.length; key++) {
                int column = d.row(query, key) - first;
                row[key] += scale * (fromQuery[column] + (fromKeys == null ? 0 : fromKeys[key * width + column]));
            }
        }
    }
}
