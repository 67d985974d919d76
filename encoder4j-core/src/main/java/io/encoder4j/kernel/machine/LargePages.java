// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.kernel.routine.SystemMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An arena for the layouts of weights: its memory comes in pages of 2 MiB where the system has them.
/// Such pages are filled with zeros once, by the system, while an ordinary arena of Java does it again; a gigabyte has 512 of
/// them and not 262,144; and a product that streams through them seldom waits for a page's address. May be shared among threads.
public final class LargePages implements Arena {

    private static final long PAGE = 2L << 20;
    /// What is asked of the system at once. What nobody touches takes no memory.
    private static final long PIECE = 256L << 20;

    private final Arena owner = Arena.ofShared();
    private MemorySegment piece = MemorySegment.NULL;
    private long used;

    /// An empty arena.
    public LargePages() { }

    @Override
    public synchronized MemorySegment allocate(long bytes, long alignment) {
        if (bytes < 0 || alignment <= 0 || alignment > PAGE || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(bytes + " bytes, aligned to " + alignment);
        }
        if (!scope().isAlive()) {
            throw new IllegalStateException("the memory of this model was given back");
        }
        if (bytes > PIECE / 8) {
            return map(bytes);
        }
        long start = (used + alignment - 1) & -alignment;
        if (start + bytes > piece.byteSize()) {
            piece = map(PIECE);
            start = 0;
        }
        used = start + bytes;
        return piece.asSlice(start, bytes, alignment);
    }

    /// New memory that begins with a large page.
    @SuppressWarnings("restricted")
    private MemorySegment map(long bytes) {
        MemorySegment pages = SystemMemory.map(Math.addExact(bytes, PAGE)).orElseThrow(() -> new OutOfMemoryError(
                "the system gave no " + bytes + " bytes for weights"));
        SystemMemory.preferLargePages(pages);
        MemorySegment owned;
        try {
            owned = MemorySegment.ofAddress(pages.address()).reinterpret(pages.byteSize(), owner, SystemMemory::unmap);
        } catch (IllegalStateException closed) {
            SystemMemory.unmap(pages);
            throw closed;
        }
        return owned.asSlice(-pages.address() & (PAGE - 1), bytes);
    }

    @Override
    public MemorySegment.Scope scope() {
        return owner.scope();
    }

    @Override
    public void close() {
        owner.close();
    }
}
