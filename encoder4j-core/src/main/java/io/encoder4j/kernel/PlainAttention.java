// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Attention of [PlainKernels]: a few queries at a time, in memory that grows with the sequence's length.
///
/// @param lanes floats in the vectors to agree with
record PlainAttention(int lanes) {

    void attend(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences,
            AttentionBias bias, Matrix out, Workers workers) {
        int headSize = q.cols() / heads;
        int sharing = q.cols() / Math.max(1, k.cols());
        workers.forEach(sequences.count() * heads, task -> {
            int sequence = task / heads;
            int head = task % heads;
            int from = sequences.start(sequence);
            int to = from + sequences.length(sequence);
            int left = head * headSize;
            int right = left + headSize;
            int keyLeft = head / sharing * headSize;
            Matrix queries = q.part(from, to, left, right);
            Matrix keys = k.part(from, to, keyLeft, keyLeft + headSize);
            head(queries, keys, v.part(from, to, keyLeft, keyLeft + headSize), scale, bias, sequence,
                    BiasRows.of(bias, queries, keys, scale, sequence, head), out.part(from, to, left, right));
        });
    }

    private void head(Matrix q, Matrix k, Matrix v, float scale, AttentionBias bias, int sequence,
            @Nullable BiasRows rows, Matrix out) {
        int length = q.rows();
        int headSize = q.cols();
        float[][] keyRows = PlainKernels.rows(k, 0, length);
        float[][] keys = new float[headSize][];
        Arrays.setAll(keys, i -> PlainKernels.column(keyRows, i));
        float[][] values = PlainKernels.rows(v, 0, length);
        for (int from = 0; from < length; from += KeyRange.QUERIES) {
            int count = Math.min(KeyRange.QUERIES, length - from);
            KeyRange range = KeyRange.of(bias, sequence, from, count, length, lanes);
            float[][] scores = new float[count][range.length()];
            PlainGemm.multiply(count, headSize, range.length(), PlainKernels.rows(q, from, count), columns(keys, range),
                    scores);
            float[] factors = new float[count];
            for (int i = 0; i < count; i++) {
                if (rows != null) {
                    rows.moveTo(from + i, range);
                }
                factors[i] = softmax(scores[i], scale, rows, range);
            }
            float[][] context = new float[count][headSize];
            PlainGemm.multiply(count, range.length(), headSize, scores,
                    Arrays.copyOfRange(values, range.from(), range.to()), context);
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < headSize; j++) {
                    context[i][j] *= factors[i];
                }
                MemorySegment.copy(context[i], 0, out.data(), Matrix.ELEMENT, out.rowBytes(from + i), headSize);
            }
        }
    }

    private static float[][] columns(float[][] x, KeyRange range) {
        if (x.length == 0 || range.length() == x[0].length) {
            return x;
        }
        float[][] columns = new float[x.length][];
        Arrays.setAll(columns, i -> Arrays.copyOfRange(x[i], range.from(), range.to()));
        return columns;
    }

    private float softmax(float[] scores, float scale, @Nullable BiasRows bias, KeyRange range) {
        float max = Float.NEGATIVE_INFINITY;
        for (int key = 0; key < scores.length; key++) {
            scores[key] *= scale;
            if (bias != null) {
                scores[key] += bias.values()[bias.start() + range.from() + key];
            }
            max = Math.max(max, scores[key]);
        }
        if (max == Float.NEGATIVE_INFINITY) {
            Arrays.fill(scores, 0);
            return 0;
        }
        float[] sums = new float[lanes];
        for (int key = 0; key < scores.length; key++) {
            scores[key] = PlainMath.expOfNegative(scores[key] - max);
            sums[key & lanes - 1] += scores[key];
        }
        return 1 / PlainMath.sum(sums);
    }
}
