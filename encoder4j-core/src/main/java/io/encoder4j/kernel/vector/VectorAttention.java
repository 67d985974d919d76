// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.BYTES;
import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.LANES;
import static io.encoder4j.kernel.vector.Species.ORDER;
import static io.encoder4j.kernel.vector.Species.PANEL;

import io.encoder4j.kernel.BiasRows;
import io.encoder4j.kernel.KeyRange;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/// Attention of one head over one sequence, for [#QUERIES] queries at a time: their scores against the keys, the softmax, and the
/// weighted sum of the values. Both products are a [VectorGemm] over scratch memory. Memory grows with the sequence's length, not
/// with its square. The division by the softmax's sum comes last, where it costs D multiplications instead of S.
final class VectorAttention {

    /// Queries computed together: whole tiles of [VectorGemm].
    private static final int QUERIES = KeyRange.QUERIES;

    private final ScratchPool pool;

    VectorAttention(ScratchPool pool) {
        this.pool = pool;
    }

    /// The parts of one block of scratch, as byte offsets: keys transposed `[D][padded S]`, values `[S][padded D]` and
    /// context `[QUERIES][padded D]` where D is not whole vectors, scores `[QUERIES][padded S]`, and the factor of each context
    /// row `[QUERIES]`.
    private record Plan(int length, int headSize, int paddedLength, int paddedHead, long values, long context,
            long scores, long factors, long end) {
        static Plan of(int length, int headSize) {
            int paddedLength = whole(length);
            int paddedHead = whole(headSize);
            boolean ragged = paddedHead != headSize;
            long values = (long) headSize * paddedLength * Float.BYTES;
            long context = values + (ragged ? (long) length * paddedHead * Float.BYTES : 0);
            long scores = context + (ragged ? (long) QUERIES * paddedHead * Float.BYTES : 0);
            long factors = scores + (long) QUERIES * paddedLength * Float.BYTES;
            return new Plan(length, headSize, paddedLength, paddedHead, values, context, scores, factors,
                    factors + (long) QUERIES * Float.BYTES);
        }

        boolean ragged() {
            return paddedHead != headSize;
        }
    }

    /// The number rounded up to whole vectors.
    private static int whole(int count) {
        return (count + LANES - 1) / LANES * LANES;
    }

    void head(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, int sequence, int head,
            AttentionBias bias, Matrix out) {
        int length = sequences.length(sequence);
        int headSize = q.cols() / heads;
        int start = sequences.start(sequence);
        long headBytes = (long) head * headSize * Float.BYTES;
        // Grouped heads: neighbouring heads of the queries share a head of keys and values.
        int keyHead = head / (q.cols() / k.cols());
        long keyBytes = (long) keyHead * headSize * Float.BYTES;
        BiasRows rows = bias instanceof AttentionBias.None ? null
                : BiasRows.of(bias, part(q, start, length, head, headSize), part(k, start, length, keyHead, headSize),
                        scale, sequence, head);
        Plan plan = Plan.of(length, headSize);
        MemorySegment scratch = pool.take(plan.end);
        transpose(k, start, keyBytes, plan, scratch);
        if (plan.ragged()) {
            padValues(v, start, keyBytes, plan, scratch);
        }
        for (int query = 0; query < length; query += QUERIES) {
            int count = Math.min(QUERIES, length - query);
            KeyRange keys = KeyRange.of(bias, sequence, query, count, length, LANES);
            scores(q, start + query, headBytes, count, keys, plan, scratch);
            weigh(v, start, keyBytes, headBytes, count, keys, plan, scratch, rows, scale, query, out);
        }
        pool.give(scratch);
    }

    private static Matrix part(Matrix x, int start, int length, int head, int headSize) {
        return x.part(start, start + length, head * headSize, (head + 1) * headSize);
    }

    private static void transpose(Matrix k, int start, long headBytes, Plan plan, MemorySegment scratch) {
        long columnBytes = (long) plan.paddedLength * Float.BYTES;
        for (int key = 0; key < plan.length; key++) {
            long from = k.rowBytes(start + key) + headBytes;
            long to = (long) key * Float.BYTES;
            for (int i = 0; i < plan.headSize; i++, from += Float.BYTES, to += columnBytes) {
                scratch.set(Matrix.ELEMENT, to, k.data().get(Matrix.ELEMENT, from));
            }
        }
        // Memory after the last key is multiplied like the rest, so it must be finite. Its products are not used.
        for (int key = plan.length; key < plan.paddedLength; key++) {
            long to = (long) key * Float.BYTES;
            for (int i = 0; i < plan.headSize; i++, to += columnBytes) {
                scratch.set(Matrix.ELEMENT, to, 0f);
            }
        }
    }

    private static void padValues(Matrix v, int start, long headBytes, Plan plan, MemorySegment scratch) {
        long bytes = (long) plan.paddedHead * Float.BYTES;
        scratch.asSlice(plan.values, plan.length * bytes).fill((byte) 0);
        for (int key = 0; key < plan.length; key++) {
            MemorySegment.copy(v.data(), v.rowBytes(start + key) + headBytes, scratch, plan.values + key * bytes,
                    (long) plan.headSize * Float.BYTES);
        }
    }

    private static void scores(Matrix q, int from, long headBytes, int rows, KeyRange keys, Plan plan,
            MemorySegment scratch) {
        long columnBytes = (long) plan.paddedLength * Float.BYTES;
        int end = whole(keys.to());
        for (int column = keys.from(); column < end; column += PANEL) {
            long at = (long) column * Float.BYTES;
            int vectors = Math.min(PANEL, end - column) / LANES;
            VectorGemm.multiply(rows, vectors, plan.headSize, q.data(), q.rowBytes(from) + headBytes,
                    (long) q.stride() * Float.BYTES, scratch, at, columnBytes, scratch, plan.scores + at, columnBytes);
        }
    }

    private static void weigh(Matrix v, int start, long keyBytes, long headBytes, int rows, KeyRange keys, Plan plan,
            MemorySegment scratch, @Nullable BiasRows bias, float scale, int query, Matrix out) {
        long rowBytes = (long) plan.paddedLength * Float.BYTES;
        MemorySegment values = plan.ragged() ? scratch : v.data();
        long valuesStart = plan.ragged() ? plan.values : v.rowBytes(start) + keyBytes;
        long valuesStride = (plan.ragged() ? (long) plan.paddedHead : v.stride()) * Float.BYTES;
        MemorySegment context = plan.ragged() ? scratch : out.data();
        long contextStart = plan.ragged() ? plan.context : out.rowBytes(start + query) + headBytes;
        long contextStride = (plan.ragged() ? (long) plan.paddedHead : out.stride()) * Float.BYTES;

        long first = (long) keys.from() * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            if (bias != null) {
                bias.moveTo(query + row, keys);
            }
            float factor = softmax(scratch, plan.scores + row * rowBytes + first, keys, scale, bias);
            scratch.set(Matrix.ELEMENT, plan.factors + (long) row * Float.BYTES, factor);
        }
        VectorGemm.multiply(rows, plan.paddedHead / LANES, keys.length(), scratch, plan.scores + first, rowBytes, values,
                valuesStart + keys.from() * valuesStride, valuesStride, context, contextStart, contextStride);
        for (int row = 0; row < rows; row++) {
            long at = contextStart + row * contextStride;
            multiplyRow(context, at, plan.paddedHead,
                    scratch.get(Matrix.ELEMENT, plan.factors + (long) row * Float.BYTES));
            if (plan.ragged()) {
                MemorySegment.copy(scratch, at, out.data(), out.rowBytes(start + query + row) + headBytes,
                        (long) plan.headSize * Float.BYTES);
            }
        }
    }

    private static void multiplyRow(MemorySegment x, long at, int cols, float factor) {
        for (int i = 0; i < cols; i += LANES, at += BYTES) {
            VectorElementwise.load(x, at).mul(factor).intoMemorySegment(x, at, ORDER);
        }
    }

    /// Turns a row of scores into `e^(score - max)` and returns one over their sum, or 0 if every key is forbidden. The row is
    /// padded to whole vectors with -∞, which becomes 0, so that no loop needs a mask.
    ///
    /// @param at offset of the score of the range's first key
    private static float softmax(MemorySegment scores, long at, KeyRange keys, float scale, @Nullable BiasRows bias) {
        int length = keys.length();
        int padded = whole(length);
        for (int key = length; key < padded; key++) {
            scores.set(Matrix.ELEMENT, at + (long) key * Float.BYTES, Float.NEGATIVE_INFINITY);
        }
        if (bias == null) {
            multiplyRow(scores, at, padded, scale);
        } else {
            scaleAndAdd(scores, at, length, scale, bias.values(), bias.start() + keys.from());
        }
        float max = max(scores, at, padded);
        if (max == Float.NEGATIVE_INFINITY) {
            scores.asSlice(at, (long) length * Float.BYTES).fill((byte) 0);
            return 0;
        }
        return 1 / expAndSum(scores, at, padded, max);
    }

    private static void scaleAndAdd(MemorySegment scores, long at, int length, float scale, float[] values, int from) {
        for (int key = 0; key < length; key++, at += Float.BYTES) {
            scores.set(Matrix.ELEMENT, at, scores.get(Matrix.ELEMENT, at) * scale + values[from + key]);
        }
    }

    private static float max(MemorySegment scores, long at, int padded) {
        FloatVector max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        for (int key = 0; key < padded; key += LANES, at += BYTES) {
            max = max.max(FloatVector.fromMemorySegment(F, scores, at, ORDER));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    private static float expAndSum(MemorySegment scores, long at, int padded, float max) {
        FloatVector sum = FloatVector.zero(F);
        for (int key = 0; key < padded; key += LANES, at += BYTES) {
            FloatVector e = VectorMath.expOfNegative(FloatVector.fromMemorySegment(F, scores, at, ORDER).sub(max));
            e.intoMemorySegment(scores, at, ORDER);
            sum = sum.add(e);
        }
        return VectorMath.sum(sum);
    }

    /// One row's softmax without a bias, for [WarmUp].
    static void softmaxRow(MemorySegment scores, long at, int length) {
        softmax(scores, at, new KeyRange(0, length), 1, null);
    }
}
