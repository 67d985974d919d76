// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.kernel.routine.Call;
import java.lang.foreign.MemorySegment;

/// Calls [VectorRoutines#transpose].
///
/// @param routine   of a vector unit
/// @param lanes     of its registers
/// @param arguments scratch memory that begins with [CallArguments]
public record Transpose(Call routine, int lanes, MemorySegment arguments) {

    // The arguments of a call.
    public static final int FROM_START = 0;
    public static final int FROM_STRIDE = 1;
    public static final int TO_START = 2;
    public static final int TO_STRIDE = 3;
    /// Vectors in a row.
    public static final int VECTORS = 4;

    public Transpose(VectorRoutines routines, MemorySegment arguments) {
        this(routines.transpose(), routines.lanes(), arguments);
    }

    /// Transposes as many rows as a register has lanes.
    ///
    /// @param vectors length of the rows
    /// @param to      receives a vector for each column, `toStride` bytes apart
    public void lanes(MemorySegment from, long start, long stride, int vectors, MemorySegment to, long toStart, long toStride) {
        long vectorBytes = (long) lanes * Float.BYTES;
        CallArguments.check(from, start, stride, lanes, vectors * vectorBytes);
        CallArguments.check(to, toStart, toStride, (long) vectors * lanes, vectorBytes);
        CallArguments.set(arguments, FROM_START, start);
        CallArguments.set(arguments, FROM_STRIDE, stride);
        CallArguments.set(arguments, TO_START, toStart);
        CallArguments.set(arguments, TO_STRIDE, toStride);
        CallArguments.set(arguments, VECTORS, vectors);
        routine.call(arguments, from, to, MemorySegment.NULL, MemorySegment.NULL);
    }
}
