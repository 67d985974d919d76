// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Writes the arguments of a call, which are the first bytes of a block of scratch memory; the routine may use the rest of
/// the block. Also holds the checks that come before every call: machine code trusts every number it gets.
public final class CallArguments {

    /// Offset of the mask for a last, incomplete vector. It follows the arguments.
    public static final int MASK = 128;

    /// Bytes reserved for the arguments and the mask at the start of a block of scratch.
    public static final long BYTES = 192;

    private CallArguments() { }

    public static void set(MemorySegment arguments, int index, long value) {
        arguments.set(JAVA_LONG, (long) index * Long.BYTES, value);
    }

    public static void set(MemorySegment arguments, int index, float value) {
        arguments.set(JAVA_FLOAT, (long) index * Long.BYTES, value);
    }

    public static void set(MemorySegment arguments, int index, double value) {
        arguments.set(JAVA_DOUBLE, (long) index * Long.BYTES, value);
    }

    /// Sets the mask of a last, incomplete vector.
    ///
    /// @param count lanes in use
    public static void setMask(MemorySegment arguments, int count, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            arguments.set(JAVA_INT, MASK + (long) lane * Integer.BYTES, lane < count ? -1 : 0);
        }
    }

    /// Refuses rows that do not lie inside the memory, and memory that a routine must not touch: see [NativeRows].
    ///
    /// @param start    byte of the first row
    /// @param stride   bytes from one row to the next
    /// @param rowBytes bytes of each row that are touched
    public static void check(MemorySegment memory, long start, long stride, long rows, long rowBytes) {
        if (!NativeRows.readable(memory)) {
            throw new IllegalArgumentException("machine code takes native memory, got "
                    + (memory.isNative() ? "a mapped file" : "a segment on the heap"));
        }
        if (rows < 1 || rowBytes < 1 || stride < 0 || rows > 1 && stride < rowBytes) {
            throw new IndexOutOfBoundsException(rows + " rows of " + rowBytes + " bytes, " + stride + " bytes apart");
        }
        Objects.checkFromIndexSize(start, Math.addExact(Math.multiplyExact(rows - 1, stride), rowBytes),
                memory.byteSize());
    }
}
