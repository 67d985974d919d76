// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Memory for the results of a pass. It comes from the kernels ([Kernels#allocate]), is handed out in order, and is taken
/// back all at once.
///
/// There are three blocks. Two take turns, so that the results of one layer stay readable while the next is computed. The
/// third is for wide matrices, the inside of a feed-forward: nobody reads them after their layer, and for a long text they
/// are the largest part. After the first pass of a size nothing more is allocated.
///
/// The operating system hands out more memory than it has, and ends the process that uses it. So a pass has a limit.
/// A request beyond it fails with an OutOfMemoryError before any memory is allocated.
///
/// With assertions enabled, memory taken back is filled with NaN, so that a result kept too long is noticed.
final class Scratch implements AutoCloseable {

    private static final int LEAST_DEFAULT_MIB = 512;

    private final Block[] blocks;
    private final Block wide;
    private int current;

    /// @param kernels own the kind of memory that is handed out
    /// @param limit   the most bytes
    Scratch(Kernels kernels, long limit) {
        blocks = new Block[] {new Block(kernels, limit), new Block(kernels, limit)};
        wide = new Block(kernels, limit);
    }

    /// MiB that a pass may have unless it is told otherwise: twice the largest heap, which is half the memory of the machine
    /// or container unless `-Xmx` says otherwise; but never below 512.
    static int defaultMiB() {
        return Math.clamp(2 * (Runtime.getRuntime().maxMemory() >> 20), LEAST_DEFAULT_MIB, Integer.MAX_VALUE);
    }

    /// A matrix in the current block; its contents are undefined.
    Matrix take(int rows, int cols) {
        return blocks[current].take(rows, cols, held() - blocks[current].total);
    }

    /// A matrix that is valid until the next [#turn]; its contents are undefined.
    Matrix takeWide(int rows, int cols) {
        return wide.take(rows, cols, held() - wide.total);
    }

    /// Whether [#takeWide] made this matrix.
    boolean isWide(Matrix x) {
        return wide.holds(x);
    }

    /// Bytes held.
    long held() {
        return blocks[0].total + blocks[1].total + wide.total;
    }

    /// Switches to the other block. Its earlier contents are no longer valid.
    void turn() {
        current = 1 - current;
        blocks[current].reset();
        wide.reset();
    }

    @Override
    public void close() {
        blocks[0].release();
        blocks[1].release();
        wide.release();
    }

    private static final class Block {
        private static final long MINIMUM = 1 << 18;
        // A small block doubles, so that there are few chunks. A large one grows by what is needed.
        private static final long MOST_TO_SPARE = 4 << 20;

        private record Chunk(Arena arena, MemorySegment memory) { }

        private final Kernels kernels;
        private final long limit;
        private final List<Chunk> chunks = new ArrayList<>();
        private long used;
        private long total;

        Block(Kernels kernels, long limit) {
            this.kernels = kernels;
            this.limit = limit;
        }

        Matrix take(int rows, int cols, long others) {
            long bytes = (long) rows * cols * Float.BYTES;
            long rounded = (bytes + Matrix.ALIGNMENT - 1) & -Matrix.ALIGNMENT;
            if (chunks.isEmpty() || used + rounded > chunks.getLast().memory.byteSize()) {
                long more = Math.max(rounded, Math.clamp(total, MINIMUM, MOST_TO_SPARE));
                if (others + total + more > limit) {
                    throw new OutOfMemoryError("results of this batch need more than the " + (limit >> 20)
                            + " MiB of scratch memory a pass may have (a matrix of " + rows + " × " + cols + " came last);"
                            + " make batches smaller, or allow more (ModelOptions.withScratchMiB)");
                }
                grow(more);
            }
            Matrix matrix = new Matrix(chunks.getLast().memory, used / Float.BYTES, rows, cols, cols);
            used += rounded;
            return matrix;
        }

        boolean holds(Matrix x) {
            for (Chunk chunk : chunks) {
                if (chunk.memory == x.data()) {
                    return true;
                }
            }
            return false;
        }

        private void grow(long bytes) {
            Arena arena = Arena.ofShared();
            try {
                chunks.add(new Chunk(arena, kernels.allocate(arena, bytes)));
            } catch (Throwable t) {
                arena.close();
                throw t;
            }
            total += bytes;
            used = 0;
        }

        /// Makes all memory available again, as one chunk in place of several.
        void reset() {
            if (chunks.size() > 1) {
                long bytes = total;
                release();
                grow(bytes);
            }
            used = 0;
            assert poison();
        }

        private boolean poison() {
            for (Chunk chunk : chunks) {
                for (long i = 0; i < chunk.memory.byteSize(); i += Float.BYTES) {
                    chunk.memory.set(ValueLayout.JAVA_FLOAT, i, Float.NaN);
                }
            }
            return true;
        }

        void release() {
            chunks.forEach(chunk -> chunk.arena.close());
            chunks.clear();
            total = 0;
            used = 0;
        }
    }
}
