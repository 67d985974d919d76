// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Memory for the results of a pass, handed out in order and taken back all at once. There are two blocks, so that what
/// one layer made stays readable while the next is computed. After the first pass of a size nothing is allocated.
///
/// With assertions enabled, memory taken back is filled with NaN: a result kept too long shows.
final class Scratch implements AutoCloseable {

    private final Block[] blocks = {new Block(), new Block()};
    private int current;

    /// A matrix in the current block; its contents are undefined.
    Matrix take(int rows, int cols) {
        return blocks[current].take(rows, cols);
    }

    /// Goes on in the other block, whose earlier contents are gone.
    void turn() {
        current = 1 - current;
        blocks[current].reset();
    }

    @Override
    public void close() {
        blocks[0].release();
        blocks[1].release();
    }

    private static final class Block {
        private static final long MINIMUM = 1 << 18;

        private record Chunk(Arena arena, MemorySegment memory) { }

        private final List<Chunk> chunks = new ArrayList<>();
        private long used;
        private long total;

        Matrix take(int rows, int cols) {
            long bytes = (long) rows * cols * Float.BYTES;
            long rounded = (bytes + Matrix.ALIGNMENT - 1) & -Matrix.ALIGNMENT;
            if (chunks.isEmpty() || used + rounded > chunks.getLast().memory.byteSize()) {
                grow(Math.max(rounded, Math.max(MINIMUM, total)));
            }
            Matrix matrix = new Matrix(chunks.getLast().memory, used / Float.BYTES, rows, cols, cols);
            used += rounded;
            return matrix;
        }

        private void grow(long bytes) {
            Arena arena = Arena.ofShared();
            chunks.add(new Chunk(arena, arena.allocate(bytes, Matrix.ALIGNMENT)));
            total += bytes;
            used = 0;
        }

        /// Starts over, in one chunk that holds what several did.
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
