// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Memory that interpreted code may touch: some segments at made-up addresses far from each other. Everything else fails.
final class ModelMemory {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final long APART = 1L << 40;

    /// @param readOnly as code is
    private record Region(long start, MemorySegment memory, boolean readOnly) { }

    private final List<Region> regions = new ArrayList<>();

    /// Makes a segment addressable; its address.
    long add(MemorySegment memory, boolean readOnly) {
        // As good an alignment as promised to the code: a cache line.
        long start = (regions.size() + 1) * APART;
        regions.add(new Region(start, memory, readOnly));
        return start;
    }

    private MemorySegment at(long address, long bytes, boolean write) {
        int number = (int) (address / APART) - 1;
        if (number >= 0 && number < regions.size()) {
            Region region = regions.get(number);
            long offset = address - region.start;
            if (offset + bytes <= region.memory.byteSize() && !(write && region.readOnly)) {
                return region.memory.asSlice(offset, bytes);
            }
            throw new IndexOutOfBoundsException((write ? "write of " : "read of ") + bytes + " bytes at " + offset
                    + " of memory " + number + " of " + region.memory.byteSize() + " bytes");
        }
        throw new IndexOutOfBoundsException("no memory at address " + Long.toHexString(address));
    }

    long readLong(long address) {
        return at(address, Long.BYTES, false).get(LONG, 0);
    }

    void writeLong(long address, long value) {
        at(address, Long.BYTES, true).set(LONG, 0, value);
    }

    int readInt(long address) {
        return at(address, Integer.BYTES, false).get(INT, 0);
    }

    int readShort(long address) {
        return at(address, Short.BYTES, false).get(SHORT, 0) & 0xFFFF;
    }

    /// Reads as many words as the array has room for.
    void read(long address, int[] words) {
        MemorySegment.copy(at(address, (long) words.length * Integer.BYTES, false), INT, 0, words, 0, words.length);
    }

    void write(long address, int[] words, int count) {
        MemorySegment.copy(words, 0, at(address, (long) count * Integer.BYTES, true), INT, 0, count);
    }
}
