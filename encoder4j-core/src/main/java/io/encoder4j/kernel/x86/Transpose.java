// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.x86.assembler.Call;
import java.lang.foreign.MemorySegment;

/// Calls [TransposeCode].
///
/// @param routine   of that code
/// @param lanes     of its registers
/// @param arguments scratch memory that begins with [CallArguments]
record Transpose(Call routine, int lanes, MemorySegment arguments) {

    Transpose(Routines routines, MemorySegment arguments) {
        this(routines.transpose(), routines.lanes(), arguments);
    }

    /// Transposes as many rows as a register has lanes.
    ///
    /// @param vectors length of the rows
    /// @param to      receives a vector for each column, `toStride` bytes apart
    void lanes(MemorySegment from, long start, long stride, int vectors, MemorySegment to, long toStart, long toStride) {
        long vectorBytes = (long) lanes * Float.BYTES;
        CallArguments.check(from, start, stride, lanes, vectors * vectorBytes);
        CallArguments.check(to, toStart, toStride, (long) vectors * lanes, vectorBytes);
        CallArguments.set(arguments, TransposeCode.FROM_START, start);
        CallArguments.set(arguments, TransposeCode.FROM_STRIDE, stride);
        CallArguments.set(arguments, TransposeCode.TO_START, toStart);
        CallArguments.set(arguments, TransposeCode.TO_STRIDE, toStride);
        CallArguments.set(arguments, TransposeCode.VECTORS, vectors);
        routine.call(arguments, from, to, MemorySegment.NULL, MemorySegment.NULL);
    }
}
