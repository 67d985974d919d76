// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import java.lang.foreign.MemorySegment;

/// Calls [VectorRoutines#copy].
///
/// @param routines  of a vector unit
/// @param arguments scratch memory that begins with [CallArguments]
public record RowCopy(VectorRoutines routines, MemorySegment arguments) {

    /// Copies rows of whole vectors.
    ///
    /// @param vectors length of the rows
    public void copy(MemorySegment from, long start, long stride, int rows, int vectors, MemorySegment to, long toStart,
            long toStride) {
        long bytes = (long) vectors * routines.lanes() * Float.BYTES;
        CallArguments.check(from, start, stride, rows, bytes);
        CallArguments.check(to, toStart, toStride, rows, bytes);
        CallArguments.set(arguments, RowsArguments.X_START, start);
        CallArguments.set(arguments, RowsArguments.X_STRIDE, stride);
        CallArguments.set(arguments, RowsArguments.Y_START, 0L);
        CallArguments.set(arguments, RowsArguments.Y_STRIDE, 0L);
        CallArguments.set(arguments, RowsArguments.OUT_START, toStart);
        CallArguments.set(arguments, RowsArguments.OUT_STRIDE, toStride);
        CallArguments.set(arguments, RowsArguments.ROWS, rows);
        CallArguments.set(arguments, RowsArguments.VECTORS, vectors);
        routines.copy().call(arguments, from, MemorySegment.NULL, to, MemorySegment.NULL);
    }
}
