// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Rows of a matrix for machine code, a block at a time. Blocks are copied from memory that machine code cannot read: the heap,
/// and mapped files. Where a mapped file has become shorter, Java's copying throws an InternalError, but a routine that reads
/// there ends the JVM.
///
/// @param source the matrix
/// @param copy   room for a block, or null if machine code may read the source
public record NativeRows(Matrix source, @Nullable Matrix copy) {

    /// @param most  rows in a block at most
    /// @param arena owns the copy, if one is needed
    public static NativeRows of(Matrix source, int most, Arena arena) {
        return new NativeRows(source, readable(source.data()) ? null : Matrix.allocate(arena, most, source.cols()));
    }

    /// Whether machine code may read or write this memory.
    public static boolean readable(MemorySegment memory) {
        return memory.isNative() && !memory.isMapped();
    }

    /// The matrix itself if machine code may read it, else a copy.
    public static Matrix all(Matrix x) {
        return readable(x.data()) ? x : of(x, x.rows(), Arena.ofAuto()).block(0, x.rows());
    }

    /// Some rows, which are valid until the next call.
    public Matrix block(int row, int count) {
        Matrix rows = source.rows(row, row + count);
        if (copy == null) {
            return rows;
        }
        Matrix block = copy.rows(0, count);
        block.copyFrom(rows);
        return block;
    }
}
