// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Int8;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/// Calls [QuantiseCode].
///
/// @param routine   of that code
/// @param arguments scratch memory that begins with [CallArguments]
record Quantising(Call routine, MemorySegment arguments) {

    /// Rows of one call, so that it stays short.
    private static final int ROWS = 64;
    private static final int LANES = 16;
    private static final int ALL = (1 << LANES) - 1;

    /// Bytes of a quantised row.
    static long rowBytes(int in) {
        return (long) Int8.groups(in) * QuantiseCode.GROUP_BYTES;
    }

    /// Quantises all rows.
    ///
    /// @param x  `[rows, in]`
    /// @param to receives them
    void quantise(Matrix x, Gemm.Operand to) {
        if (x.cols() < 1) {
            throw new IndexOutOfBoundsException("no columns to quantise");
        }
        int last = Int8.groups(x.cols()) - 1;
        int rest = x.cols() - last * Int8.GROUP;
        CallArguments.set(arguments, QuantiseCode.X_STRIDE, (long) x.stride() * Float.BYTES);
        CallArguments.set(arguments, QuantiseCode.OUT_STRIDE, to.stride());
        CallArguments.set(arguments, QuantiseCode.GROUPS, (long) last);
        for (int i = 0; i < Int8.GROUP / LANES; i++) {
            CallArguments.set(arguments, QuantiseCode.MASKS + i, (long) ALL & (1L << Math.clamp(rest - i * LANES, 0, LANES)) - 1);
        }
        for (int row = 0; row < x.rows(); row += ROWS) {
            int count = Math.min(ROWS, x.rows() - row);
            Gemm.Operand target = to.row(row);
            CallArguments.check(x.data(), x.rowBytes(row), (long) x.stride() * Float.BYTES, count, (long) x.cols() * Float.BYTES);
            CallArguments.check(to.memory(), target.start(), to.stride(), count, rowBytes(x.cols()));
            CallArguments.set(arguments, QuantiseCode.X_START, x.rowBytes(row));
            CallArguments.set(arguments, QuantiseCode.OUT_START, target.start());
            CallArguments.set(arguments, QuantiseCode.ROWS, (long) count);
            routine.call(arguments, x.data(), to.memory(), MemorySegment.NULL, MemorySegment.NULL);
        }
    }
}
