// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import java.lang.foreign.MemorySegment;

/// Calls [TransposeCode].
///
/// @param routine of that code
/// @param lanes   of its registers
/// @param numbers scratch memory that begins with [Numbers]
record Transpose(Call routine, int lanes, MemorySegment numbers) {

    Transpose(Routines routines, MemorySegment numbers) {
        this(routines.transpose(), routines.lanes(), numbers);
    }


    /// Turns as many rows as a register has lanes.
    ///
    /// @param vectors length of the rows
    /// @param to      receives a vector for each column, `toStride` bytes apart
    void lanes(MemorySegment from, long start, long stride, int vectors, MemorySegment to, long toStart, long toStride) {
        long vectorBytes = (long) lanes * Float.BYTES;
        Numbers.check(from, start, stride, lanes, vectors * vectorBytes);
        Numbers.check(to, toStart, toStride, (long) vectors * lanes, vectorBytes);
        Numbers.set(numbers, TransposeCode.FROM_START, start);
        Numbers.set(numbers, TransposeCode.FROM_STRIDE, stride);
        Numbers.set(numbers, TransposeCode.TO_START, toStart);
        Numbers.set(numbers, TransposeCode.TO_STRIDE, toStride);
        Numbers.set(numbers, TransposeCode.VECTORS, vectors);
        routine.call(numbers, from, to, MemorySegment.NULL, MemorySegment.NULL);
    }
}
