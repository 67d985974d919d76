// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.kernel.BiasRows;
import io.encoder4j.kernel.KeyRange;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Attention of one head over one sequence. Keys (transposed) and values are packed into panels, like weights. Then a few queries
/// at a time: their scores against the keys that they can see, the softmax, and the weighted sum of the values. Memory grows with
/// the sequence's length, not with its square. The division by the softmax's sum comes last, where it costs D multiplications
/// instead of S.
public record Attention(VectorRoutines routines, ScratchPool pool) {

    private static final Epilogue NOTHING = new Epilogue.Finish(false, StandardActivation.LINEAR);
    private static final Epilogue FACTORS = new Epilogue.Factors();

    /// One head of one sequence, each `[S, D]`.
    private record Head(Matrix queries, Matrix keys, Matrix values, Matrix context, float scale, AttentionBias bias,
            int sequence, @Nullable BiasRows rows) { }

    /// Attention of head `head` in sequence `sequence`; the rest as in [io.encoder4j.kernel.Kernels#attention].
    public void head(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, int sequence, int head,
            AttentionBias bias, Matrix out) {
        int start = sequences.start(sequence);
        int end = start + sequences.length(sequence);
        int size = q.cols() / heads;
        if (start == end || size == 0) {
            return;
        }
        // Grouped heads: neighbouring heads of the queries share a head of keys and values.
        int keyHead = head / (q.cols() / k.cols());
        Matrix queries = q.part(start, end, head * size, (head + 1) * size);
        Matrix keys = k.part(start, end, keyHead * size, (keyHead + 1) * size);
        Matrix values = v.part(start, end, keyHead * size, (keyHead + 1) * size);
        Matrix context = out.part(start, end, head * size, (head + 1) * size);
        BiasRows rows = BiasRows.of(bias, queries, keys, scale, sequence, head);
        boolean copied = size % routines.lanes() != 0 || !NativeRows.readable(q.data())
                || !NativeRows.readable(k.data()) || !NativeRows.readable(v.data()) || !NativeRows.readable(out.data());
        int filled = (size + routines.lanes() - 1) / routines.lanes() * routines.lanes();
        AttentionPlan plan = new AttentionPlan(end - start, filled, copied, routines.lanes(), routines.panel(),
                rows != null);
        MemorySegment scratch = pool.take(plan.end());
        try {
            if (copied) {
                plan.clearCopies(scratch);
                Matrix result = plan.copy(3, scratch);
                attend(new Head(copy(queries, plan.copy(0, scratch)), copy(keys, plan.copy(1, scratch)),
                        copy(values, plan.copy(2, scratch)), result, scale, bias, sequence, rows), plan, scratch);
                copyColumns(result, context, size);
            } else {
                attend(new Head(queries, keys, values, context, scale, bias, sequence, rows), plan, scratch);
            }
        } finally {
            pool.give(scratch);
        }
    }

    private static Matrix copy(Matrix from, Matrix to) {
        copyColumns(from, to, from.cols());
        return to;
    }

    /// Copies the first columns of all rows.
    private static void copyColumns(Matrix from, Matrix to, int cols) {
        for (int row = 0; row < from.rows(); row++) {
            MemorySegment.copy(from.data(), from.rowBytes(row), to.data(), to.rowBytes(row), (long) cols * Float.BYTES);
        }
    }

    private void attend(Head head, AttentionPlan plan, MemorySegment scratch) {
        packKeys(head.keys, plan, scratch);
        packValues(head.values, plan, scratch);
        packTails(plan, scratch);
        for (int query = 0; query < plan.length(); query += AttentionPlan.QUERIES) {
            int count = Math.min(AttentionPlan.QUERIES, plan.length() - query);
            KeyRange range = KeyRange.of(head.bias, head.sequence, query, count, plan.length(), plan.lanes());
            scores(head, query, count, range, plan, scratch);
            softmax(head, count, range, plan, scratch);
            context(head, query, count, range, plan, scratch);
        }
    }

    private void packKeys(Matrix keys, AttentionPlan plan, MemorySegment scratch) {
        Transpose transpose = new Transpose(routines, scratch);
        long stride = (long) plan.panel() * Float.BYTES;
        int vectors = plan.headSize() / plan.lanes();
        for (int key = 0; key < plan.length(); key += plan.lanes()) {
            long to = plan.keys() + key / plan.panel() * plan.keyPanel() + (long) key % plan.panel() * Float.BYTES;
            int left = plan.length() - key;
            if (left >= plan.lanes()) {
                transpose.lanes(keys.data(), keys.rowBytes(key), (long) keys.stride() * Float.BYTES, vectors, scratch, to,
                        stride);
            } else {
                // Memory after the last key is multiplied like the rest, so it must be finite.
                long rowBytes = (long) plan.headSize() * Float.BYTES;
                scratch.asSlice(plan.lastKeys(), plan.lanes() * rowBytes).fill((byte) 0);
                for (int i = 0; i < left; i++) {
                    MemorySegment.copy(keys.data(), keys.rowBytes(key + i), scratch, plan.lastKeys() + i * rowBytes,
                            rowBytes);
                }
                transpose.lanes(scratch, plan.lastKeys(), rowBytes, vectors, scratch, to, stride);
            }
        }
    }

    private void packValues(Matrix values, AttentionPlan plan, MemorySegment scratch) {
        long stride = (long) plan.panel() * Float.BYTES;
        for (int column = 0; column < plan.headSize(); column += plan.panel()) {
            int vectors = Math.min(plan.panel(), plan.headSize() - column) / plan.lanes();
            new RowCopy(routines, scratch).copy(values.data(), values.rowBytes(0) + (long) column * Float.BYTES,
                    (long) values.stride() * Float.BYTES, plan.length(), vectors, scratch,
                    plan.values() + column / plan.panel() * plan.valuePanel(), stride);
        }
    }

    private static void packTails(AttentionPlan plan, MemorySegment scratch) {
        int lastVector = plan.padded() - plan.lanes();
        for (int lane = 0; lane < plan.lanes(); lane++) {
            long at = (long) lane * Float.BYTES;
            scratch.set(Matrix.ELEMENT, plan.tail() + at,
                    lastVector + lane < plan.length() ? 0 : Float.NEGATIVE_INFINITY);
            scratch.set(Matrix.ELEMENT, plan.noTail() + at, 0);
        }
        // The bias after the last key is added like the rest, so it must not be NaN.
        for (int row = 0; plan.biased() && row < AttentionPlan.QUERIES; row++) {
            for (int key = plan.length(); key < plan.padded(); key++) {
                scratch.set(Matrix.ELEMENT, plan.bias() + row * plan.scoreStride() + (long) key * Float.BYTES, 0);
            }
        }
    }

    /// Scores of whole panels. Those at the ends may hold keys outside the range, whose scores are not used.
    private void scores(Head head, int query, int count, KeyRange range, AttentionPlan plan, MemorySegment scratch) {
        int first = range.from() / plan.panel();
        int vectors = Math.ceilDiv(range.to() - first * plan.panel(), plan.lanes());
        new Gemm(routines, scratch, false, NOTHING).multiply(count, plan.headSize(), vectors,
                new Gemm.Operand(head.queries.data(), head.queries.rowBytes(query),
                        (long) head.queries.stride() * Float.BYTES),
                new Gemm.Right(scratch, plan.keys() + first * plan.keyPanel(), plan.keyPanel(), MemorySegment.NULL, 0),
                new Gemm.Operand(scratch, plan.scores() + (long) first * plan.panel() * Float.BYTES, plan.scoreStride()));
        for (int row = 0; head.rows != null && row < count; row++) {
            head.rows.moveTo(query + row, range);
            MemorySegment.copy(head.rows.values(), head.rows.start() + range.from(), scratch, Matrix.ELEMENT,
                    plan.bias() + row * plan.scoreStride() + (long) range.from() * Float.BYTES, range.length());
        }
    }

    private void softmax(Head head, int rows, KeyRange range, AttentionPlan plan, MemorySegment scratch) {
        long from = (long) range.from() * Float.BYTES;
        long tail = range.to() == plan.length() ? plan.tail() : plan.noTail();
        new Softmax(routines, scratch).apply(scratch, plan.scores() + from, plan.biased() ? plan.bias() + from : Softmax.NO_BIAS,
                plan.scoreStride(), rows, Math.ceilDiv(range.length(), plan.lanes()), plan.factors(), tail, head.scale);
    }

    private void context(Head head, int query, int count, KeyRange range, AttentionPlan plan, MemorySegment scratch) {
        new Gemm(routines, scratch, false, FACTORS).multiply(count, range.length(), plan.headSize() / plan.lanes(),
                new Gemm.Operand(scratch, plan.scores() + (long) range.from() * Float.BYTES, plan.scoreStride()),
                new Gemm.Right(scratch, plan.values() + (long) range.from() * plan.panel() * Float.BYTES,
                        plan.valuePanel(), scratch, plan.factors()),
                new Gemm.Operand(head.context.data(), head.context.rowBytes(query),
                        (long) head.context.stride() * Float.BYTES));
    }
}
