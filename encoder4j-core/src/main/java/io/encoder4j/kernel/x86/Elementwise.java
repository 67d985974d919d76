// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.kernel.machine.RowsArguments;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Calls [RowsCode] on matrices.
record Elementwise(Routines routines) {

    /// Rows of one call, so that it stays short.
    private static final int ROWS = 64;
    /// Floats in the widest vectors.
    private static final int WIDEST = 16;

    /// Whether the routines can work on these matrices: none is empty, and all are in memory that they may touch.
    boolean takes(Matrix... matrices) {
        for (Matrix x : matrices) {
            if (x.rows() == 0 || x.cols() == 0 || !NativeRows.readable(x.data())) {
                return false;
            }
        }
        return true;
    }

    /// `out = x op y`.
    void binary(Op op, Matrix x, Matrix y, Matrix out, MemorySegment arguments) {
        rows(routines.binary(op, ragged(x)), x, y, out, arguments);
    }

    /// `out = x op y` for each row of x.
    ///
    /// @param scratch begins with the arguments; y is copied behind them
    void broadcast(Op op, Matrix x, float[] y, Matrix out, MemorySegment scratch) {
        MemorySegment.copy(y, 0, scratch, Matrix.ELEMENT, CallArguments.BYTES, x.cols());
        CallArguments.set(scratch, RowsArguments.Y_START, CallArguments.BYTES);
        CallArguments.set(scratch, RowsArguments.Y_STRIDE, 0L);
        Routine routine = routines.binary(op, ragged(x));
        for (int row = 0; row < x.rows(); row += ROWS) {
            unary(x, row, Math.min(ROWS, x.rows() - row), out, scratch);
            routine.call(scratch, x.data(), scratch, out.data(), MemorySegment.NULL);
        }
    }

    /// Scratch bytes [#broadcast] needs.
    static long broadcastBytes(int cols) {
        return CallArguments.BYTES + roomBytes(cols);
    }

    /// `out = f(x)`. The kernels `rest` compute functions that have no routine.
    void activation(ActivationFunction f, Matrix x, Matrix out, MemorySegment arguments, Kernels rest) {
        if (MathCode.has(f) && takes(x, out)) {
            rows(routines.activation((StandardActivation) f, ragged(x)), x, null, out, arguments);
        } else {
            rest.activation(f, x, out);
        }
    }

    private void rows(Routine routine, Matrix x, @Nullable Matrix y, Matrix out, MemorySegment arguments) {
        MemorySegment second = y == null ? MemorySegment.NULL : y.data();
        CallArguments.set(arguments, RowsArguments.Y_STRIDE, y == null ? 0 : (long) y.stride() * Float.BYTES);
        for (int row = 0; row < x.rows(); row += ROWS) {
            int count = Math.min(ROWS, x.rows() - row);
            if (y != null) {
                checkRows(y, row, count);
            }
            CallArguments.set(arguments, RowsArguments.Y_START, y == null ? 0 : y.rowBytes(row));
            unary(x, row, count, out, arguments);
            routine.call(arguments, x.data(), second, out.data(), MemorySegment.NULL);
        }
    }

    private static void checkRows(Matrix x, int row, int count) {
        CallArguments.check(x.data(), x.rowBytes(row), (long) x.stride() * Float.BYTES, count, (long) x.cols() * Float.BYTES);
    }

    private void unary(Matrix x, int row, int count, Matrix out, MemorySegment arguments) {
        Matrix.requireShape("out", out, x.rows(), x.cols());
        checkRows(x, row, count);
        checkRows(out, row, count);
        CallArguments.set(arguments, RowsArguments.X_START, x.rowBytes(row));
        CallArguments.set(arguments, RowsArguments.X_STRIDE, (long) x.stride() * Float.BYTES);
        CallArguments.set(arguments, RowsArguments.OUT_START, out.rowBytes(row));
        CallArguments.set(arguments, RowsArguments.OUT_STRIDE, (long) out.stride() * Float.BYTES);
        CallArguments.set(arguments, RowsArguments.ROWS, count);
        CallArguments.set(arguments, RowsArguments.VECTORS, x.cols() / routines.lanes());
        if (ragged(x)) {
            CallArguments.setMask(arguments, x.cols() % routines.lanes(), routines.lanes());
        }
    }

    private boolean ragged(Matrix x) {
        return x.cols() % routines.lanes() != 0;
    }

    /// The layer norm, or with `root` the root mean square norm.
    ///
    /// @param scratch begins with the arguments; weight and bias are copied behind them
    void norm(boolean root, Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out,
            MemorySegment scratch) {
        long rowBytes = roomBytes(x.cols());
        CallArguments.check(scratch, 0, 0, 1, normBytes(x.cols()));
        if (weight != null) {
            MemorySegment.copy(weight, 0, scratch, Matrix.ELEMENT, CallArguments.BYTES, x.cols());
        }
        if (bias != null) {
            MemorySegment.copy(bias, 0, scratch, Matrix.ELEMENT, CallArguments.BYTES + rowBytes, x.cols());
        }
        CallArguments.set(scratch, RowsArguments.Y_START, CallArguments.BYTES);
        CallArguments.set(scratch, RowsArguments.Y_STRIDE, 0L);
        CallArguments.set(scratch, RowsArguments.BIAS, rowBytes);
        CallArguments.set(scratch, RowsArguments.COLUMNS, (float) x.cols());
        CallArguments.set(scratch, RowsArguments.EPS, (double) eps);
        CallArguments.set(scratch, RowsArguments.ONE, 1.0);
        Routine routine = routines.norm(root, weight != null, bias != null, ragged(x));
        for (int row = 0; row < x.rows(); row += ROWS) {
            unary(x, row, Math.min(ROWS, x.rows() - row), out, scratch);
            routine.call(scratch, x.data(), scratch, out.data(), MemorySegment.NULL);
        }
    }

    /// Scratch bytes [#norm] needs.
    static long normBytes(int cols) {
        return CallArguments.BYTES + 2 * roomBytes(cols);
    }

    private static long roomBytes(int cols) {
        return (long) Math.ceilDiv(cols, WIDEST) * WIDEST * Float.BYTES;
    }
}
