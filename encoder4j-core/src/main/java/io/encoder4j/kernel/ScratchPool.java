// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Working memory for the blocks of an operation, kept between operations. It is not thread-local, because callers may be
/// virtual threads, and no more blocks are computed at once than there are worker threads.
public final class ScratchPool {

    private static final int SLOTS = 64;

    private final AtomicReferenceArray<@Nullable MemorySegment> slots = new AtomicReferenceArray<>(SLOTS);

    /// An empty pool.
    public ScratchPool() { }

    /// {@return at least `bytes` of memory aligned to a cache line, with undefined contents}
    ///
    /// @param bytes how many, at least
    public MemorySegment take(long bytes) {
        for (int i = 0; i < SLOTS; i++) {
            if (slots.getPlain(i) != null) {
                MemorySegment memory = slots.getAndSet(i, null);
                if (memory != null && memory.byteSize() >= bytes) {
                    assert poison(memory);
                    return memory;
                }
                // Too small: the garbage collector takes it, and a larger one will replace it.
            }
        }
        return Arena.ofAuto().allocate(Long.highestOneBit(Math.max(bytes, 1 << 15) - 1) << 1, Matrix.ALIGNMENT);
    }

    /// Returns memory from [#take].
    ///
    /// @param memory what [#take] returned
    public void give(MemorySegment memory) {
        for (int i = 0; i < SLOTS; i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, memory)) {
                return;
            }
        }
    }

    /// With assertions enabled, memory is filled with NaN, so that reading what was not written is noticed.
    private static boolean poison(MemorySegment memory) {
        memory.fill((byte) -1);
        return true;
    }
}
