// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Attention of [PlainKernels]: a query at a time, in memory that grows with the sequence's length.
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
            Matrix queries = q.rows(from, to).columns(left, right);
            Matrix keys = k.rows(from, to).columns(keyLeft, keyLeft + headSize);
            head(queries, keys, v.rows(from, to).columns(keyLeft, keyLeft + headSize), scale,
                    BiasRows.of(bias, queries, keys, scale, sequence, head), out.rows(from, to).columns(left, right));
        });
    }

    private void head(Matrix q, Matrix k, Matrix v, float scale, @Nullable BiasRows bias, Matrix out) {
        int length = q.rows();
        int headSize = q.cols();
        int paddedLength = Workers.blocks(length, PlainKernels.SUMS) * PlainKernels.SUMS;
        int paddedHead = Workers.blocks(headSize, PlainKernels.SUMS) * PlainKernels.SUMS;
        float[] keys = new float[headSize * paddedLength];
        float[] values = new float[length * paddedHead];
        for (int key = 0; key < length; key++) {
            float[] row = k.row(key);
            for (int i = 0; i < headSize; i++) {
                keys[i * paddedLength + key] = row[i];
            }
            System.arraycopy(v.row(key), 0, values, key * paddedHead, headSize);
        }
        float[] scores = new float[paddedLength];
        float[] context = new float[paddedHead];
        for (int query = 0; query < length; query++) {
            PlainKernels.multiply(1, headSize, paddedLength, q.row(query), keys, scores);
            if (bias != null) {
                bias.moveTo(query);
            }
            float factor = softmax(scores, length, scale, bias);
            PlainKernels.multiply(1, length, paddedHead, scores, values, context);
            for (int i = 0; i < headSize; i++) {
                context[i] *= factor;
            }
            MemorySegment.copy(context, 0, out.data(), Matrix.ELEMENT, out.rowBytes(query), headSize);
        }
    }

    private float softmax(float[] scores, int length, float scale, @Nullable BiasRows bias) {
        float max = Float.NEGATIVE_INFINITY;
        for (int key = 0; key < length; key++) {
            scores[key] *= scale;
            if (bias != null) {
                scores[key] += bias.values()[bias.start() + key];
            }
            max = Math.max(max, scores[key]);
        }
        if (max == Float.NEGATIVE_INFINITY) {
            Arrays.fill(scores, 0, length, 0);
            return 0;
        }
        float[] sums = new float[lanes];
        for (int key = 0; key < length; key++) {
            scores[key] = PlainMath.expOfNegative(scores[key] - max);
            sums[key & lanes - 1] += scores[key];
        }
        return 1 / PlainMath.sum(sums);
    }
}
