// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.BiasRows;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Attention of one head over one sequence. Keys (turned) and values are packed into panels, as weights are; then a few
/// queries at a time: their scores against all keys, the softmax, the weighted sum of the values. Memory grows with the
/// sequence's length, never with its square. The division by the softmax's sum is left to the end, where it costs D
/// multiplications in place of S.
record X86Attention(Routines routines, ScratchPool pool, Elementwise elementwise) {

    /// Tiles of queries worked on together.
    private static final int TILES = 2;

    /// The parts of a block of scratch, as byte offsets: keys `[panels of S][D][panel]`, values `[panels of D][S][panel]`,
    /// scores `[queries][padded S]`, bias of the same shape if any, factors `[queries]`, the tail (a vector) and the keys
    /// of a last, incomplete vector `[lanes][D]`.
    private record Plan(int length, int headSize, int queries, int lanes, int panel, boolean biased) {

        int padded() {
            return (length + lanes - 1) / lanes * lanes;
        }

        private static long up(long count, int unit) {
            return (count + unit - 1) / unit * unit;
        }

        long keys() {
            return Numbers.BYTES;
        }

        long values() {
            return keys() + up(length, panel) * headSize * Float.BYTES;
        }

        long scores() {
            return values() + up(headSize, panel) * length * Float.BYTES;
        }

        long bias() {
            return scores() + (long) queries * padded() * Float.BYTES;
        }

        long factors() {
            return bias() + (biased ? (long) queries * padded() * Float.BYTES : 0);
        }

        long tail() {
            return factors() + up(queries, panel) * Float.BYTES;
        }

        long lastKeys() {
            return tail() + (long) lanes * Float.BYTES;
        }

        long end() {
            return lastKeys() + (long) lanes * headSize * Float.BYTES;
        }
    }

    /// Whether there is code for these operands: native memory, heads of whole vectors.
    boolean takes(Matrix q, Matrix k, Matrix v, Matrix out, int heads) {
        return q.cols() / heads % routines.lanes() == 0 && q.cols() > 0 && k.cols() > 0 && q.data().isNative()
                && k.data().isNative() && v.data().isNative() && out.data().isNative();
    }

    void head(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, int sequence, int head,
            AttentionBias bias, Matrix out) {
        int start = sequences.start(sequence);
        int end = start + sequences.length(sequence);
        if (start == end) {
            return;
        }
        int headSize = q.cols() / heads;
        // Grouped heads: neighbours among the queries' heads share a head of keys and values.
        int keyHead = head / (q.cols() / k.cols());
        Matrix queries = q.rows(start, end).columns(head * headSize, (head + 1) * headSize);
        Matrix keys = k.rows(start, end).columns(keyHead * headSize, (keyHead + 1) * headSize);
        Matrix values = v.rows(start, end).columns(keyHead * headSize, (keyHead + 1) * headSize);
        Matrix context = out.rows(start, end).columns(head * headSize, (head + 1) * headSize);
        BiasRows rows = BiasRows.of(bias, queries, keys, scale, sequence, head);
        Plan plan = new Plan(end - start, headSize, TILES * routines.tallest(), routines.lanes(), routines.panel(),
                rows != null);
        MemorySegment scratch = pool.take(plan.end());
        try {
            packKeys(keys, plan, scratch);
            packValues(values, plan, scratch);
            for (int query = 0; query < plan.length; query += plan.queries) {
                int count = Math.min(plan.queries, plan.length - query);
                attend(queries, query, count, scale, rows, plan, context, scratch);
            }
        } finally {
            pool.give(scratch);
        }
    }

    private void packKeys(Matrix keys, Plan plan, MemorySegment scratch) {
        Transpose transpose = new Transpose(routines, scratch);
        long panelBytes = (long) plan.headSize * plan.panel * Float.BYTES;
        long stride = (long) plan.panel * Float.BYTES;
        int vectors = plan.headSize / plan.lanes;
        for (int key = 0; key < plan.length; key += plan.lanes) {
            long to = plan.keys() + key / plan.panel * panelBytes + (long) key % plan.panel * Float.BYTES;
            int left = plan.length - key;
            if (left >= plan.lanes) {
                transpose.lanes(keys.data(), keys.rowBytes(key), (long) keys.stride() * Float.BYTES, vectors, scratch, to,
                        stride);
            } else {
                // What is past the last key is multiplied like the rest: it must be finite.
                long rowBytes = (long) plan.headSize * Float.BYTES;
                scratch.asSlice(plan.lastKeys(), plan.lanes * rowBytes).fill((byte) 0);
                for (int i = 0; i < left; i++) {
                    MemorySegment.copy(keys.data(), keys.rowBytes(key + i), scratch, plan.lastKeys() + i * rowBytes,
                            rowBytes);
                }
                transpose.lanes(scratch, plan.lastKeys(), rowBytes, vectors, scratch, to, stride);
            }
        }
        for (int lane = 0; lane < plan.lanes; lane++) {
            boolean key = plan.padded() - plan.lanes + lane < plan.length;
            scratch.set(Matrix.ELEMENT, plan.tail() + (long) lane * Float.BYTES, key ? 0 : Float.NEGATIVE_INFINITY);
        }
    }

    private void packValues(Matrix values, Plan plan, MemorySegment scratch) {
        long stride = (long) plan.panel * Float.BYTES;
        for (int column = 0; column < plan.headSize; column += plan.panel) {
            int vectors = Math.min(plan.panel, plan.headSize - column) / plan.lanes;
            elementwise.copy(values.data(), values.rowBytes(0) + (long) column * Float.BYTES,
                    (long) values.stride() * Float.BYTES, plan.length, vectors, scratch,
                    plan.values() + (long) column * plan.length * Float.BYTES, stride, scratch);
        }
    }

    private void attend(Matrix queries, int query, int count, float scale, @Nullable BiasRows bias, Plan plan,
            Matrix context, MemorySegment scratch) {
        long stride = (long) plan.padded() * Float.BYTES;
        Gemm.Operand scores = new Gemm.Operand(scratch, plan.scores(), stride);
        new Gemm(routines, scratch, false, PLAIN).multiply(count, plan.headSize, plan.padded() / plan.lanes,
                new Gemm.Operand(queries.data(), queries.rowBytes(query), (long) queries.stride() * Float.BYTES),
                new Gemm.Right(scratch, plan.keys(), MemorySegment.NULL, 0), scores);
        for (int row = 0; bias != null && row < count; row++) {
            bias.moveTo(query + row);
            MemorySegment.copy(bias.values(), bias.start(), scratch, Matrix.ELEMENT, plan.bias() + row * stride,
                    plan.length);
        }
        softmax(count, scale, bias != null, plan, scratch);
        new Gemm(routines, scratch, false, FACTORS).multiply(count, plan.length, plan.headSize / plan.lanes, scores,
                new Gemm.Right(scratch, plan.values(), scratch, plan.factors()),
                new Gemm.Operand(context.data(), context.rowBytes(query), (long) context.stride() * Float.BYTES));
    }

    private static final GemmCode.Epilogue PLAIN =
            new GemmCode.Epilogue.Finish(false, io.encoder4j.tensor.StandardActivation.LINEAR);
    private static final GemmCode.Epilogue FACTORS = new GemmCode.Epilogue.Factors();

    private void softmax(int rows, float scale, boolean biased, Plan plan, MemorySegment scratch) {
        long stride = (long) plan.padded() * Float.BYTES;
        Numbers.check(scratch, plan.scores(), stride, rows, stride);
        Numbers.check(scratch, plan.factors(), 0, 1, (long) rows * Float.BYTES);
        Numbers.check(scratch, plan.tail(), 0, 1, (long) plan.lanes * Float.BYTES);
        if (biased) {
            Numbers.check(scratch, plan.bias(), stride, rows, stride);
        }
        Numbers.set(scratch, SoftmaxCode.SCORES_START, plan.scores());
        Numbers.set(scratch, SoftmaxCode.SCORES_STRIDE, stride);
        Numbers.set(scratch, SoftmaxCode.BIAS_START, plan.bias());
        Numbers.set(scratch, SoftmaxCode.BIAS_STRIDE, stride);
        Numbers.set(scratch, SoftmaxCode.FACTORS_START, plan.factors());
        Numbers.set(scratch, SoftmaxCode.TAIL_START, plan.tail());
        Numbers.set(scratch, SoftmaxCode.ROWS, rows);
        Numbers.set(scratch, SoftmaxCode.VECTORS, plan.padded() / plan.lanes - 1);
        Numbers.set(scratch, SoftmaxCode.SCALE, scale);
        routines.softmax(new SoftmaxCode(biased)).call(scratch, scratch, scratch, scratch, scratch);
    }
}
