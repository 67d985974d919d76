// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Working memory for the blocks of an operation, kept between operations. Not thread-local: callers may be virtual
/// threads, and there are never more blocks at work than threads.
public final class ScratchPool {

    private static final int SLOTS = 64;

    private final AtomicReferenceArray<@Nullable MemorySegment> slots = new AtomicReferenceArray<>(SLOTS);

    /// A pool with nothing in it.
    public ScratchPool() { }

    /// At least `bytes` of memory aligned to a cache line, with undefined contents.
    public MemorySegment take(long bytes) {
        for (int i = 0; i < SLOTS; i++) {
            if (slots.getPlain(i) != null) {
                MemorySegment memory = slots.getAndSet(i, null);
                if (memory != null && memory.byteSize() >= bytes) {
                    assert poison(memory);
                    return memory;
                }
                // Too small: left to the garbage collector, the larger one will take its place.
            }
        }
        return Arena.ofAuto().allocate(Long.highestOneBit(Math.max(bytes, 1 << 15) - 1) << 1, Matrix.ALIGNMENT);
    }

    /// Gives back what was taken.
    public void give(MemorySegment memory) {
        for (int i = 0; i < SLOTS; i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, memory)) {
                return;
            }
        }
    }

    /// With assertions enabled, what is read without having been written shows.
    private static boolean poison(MemorySegment memory) {
        memory.fill((byte) -1);
        return true;
    }
}
