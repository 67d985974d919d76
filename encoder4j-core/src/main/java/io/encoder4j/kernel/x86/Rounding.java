// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/// Calls [RoundCode].
///
/// @param routine   of that code
/// @param split     whether the routine writes low parts
/// @param arguments scratch memory that begins with [CallArguments]
record Rounding(Call routine, boolean split, MemorySegment arguments) {

    /// Rows of one call, so that it stays short.
    private static final int ROWS = 64;

    /// Where rounded rows go.
    ///
    /// @param start  first byte of the high parts
    /// @param stride bytes from one row to the next
    /// @param low    bytes from a high part to its low part; 0 if there is none
    record Target(MemorySegment memory, long start, long stride, long low) { }

    /// Rounds all rows.
    ///
    /// @param padded elements to write for each row: a multiple of [RoundCode#LANES], at least the columns
    void round(Matrix x, Target to, int padded) {
        long written = (long) padded * Short.BYTES;
        int vectors = (x.cols() - 1) / RoundCode.LANES;
        CallArguments.set(arguments, RoundCode.X_STRIDE, (long) x.stride() * Float.BYTES);
        CallArguments.set(arguments, RoundCode.OUT_STRIDE, to.stride);
        CallArguments.set(arguments, RoundCode.LOW, to.low);
        CallArguments.set(arguments, RoundCode.VECTORS, (long) vectors);
        CallArguments.set(arguments, RoundCode.MASK, (1L << x.cols() - vectors * RoundCode.LANES) - 1);
        CallArguments.set(arguments, RoundCode.ZEROS, (long) padded / RoundCode.LANES - vectors - 1);
        if (x.cols() < 1 || padded < x.cols() || padded % RoundCode.LANES != 0) {
            throw new IndexOutOfBoundsException(x.cols() + " columns filled up to " + padded);
        }
        for (int row = 0; row < x.rows(); row += ROWS) {
            int count = Math.min(ROWS, x.rows() - row);
            long start = to.start + row * to.stride;
            CallArguments.check(x.data(), x.rowBytes(row), (long) x.stride() * Float.BYTES, count, (long) x.cols() * Float.BYTES);
            CallArguments.check(to.memory, start, to.stride, count, written);
            if (split) {
                CallArguments.check(to.memory, start + to.low, to.stride, count, written);
            }
            CallArguments.set(arguments, RoundCode.X_START, x.rowBytes(row));
            CallArguments.set(arguments, RoundCode.OUT_START, start);
            CallArguments.set(arguments, RoundCode.ROWS, (long) count);
            routine.call(arguments, x.data(), to.memory, MemorySegment.NULL, MemorySegment.NULL);
        }
    }

    /// `count` rounded up to a multiple of `unit`.
    static int padded(int count, int unit) {
        return (count + unit - 1) / unit * unit;
    }
}
