// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// A row-major view of `rows × cols` float32 values in a memory segment: rows are tokens, columns are features.
///
/// Row `r` begins at element `offset + r * stride`. Views share memory: a head of a projection is [#columns], a sequence of
/// a batch is [#rows]. The element type is little-endian and may be unaligned, so that a table can stay where it is mapped.
///
/// @param data   the memory; the view does not own it
/// @param offset first element, counted in floats
/// @param rows   number of rows
/// @param cols   number of columns
/// @param stride floats from one row to the next, at least `cols`
public record Matrix(MemorySegment data, long offset, int rows, int cols, int stride) {

    /// Alignment of the matrices we allocate, in bytes: one cache line, one 512-bit vector.
    public static final long ALIGNMENT = 64;

    /// Layout of one element.
    public static final ValueLayout.OfFloat ELEMENT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Checks that the last element lies inside the segment. A matrix without rows has none, so it may begin anywhere.
    ///
    /// @throws IllegalArgumentException with the offending numbers otherwise
    public Matrix {
        Objects.requireNonNull(data, "data");
        if (rows < 0 || cols < 0 || offset < 0 || stride < cols) {
            throw new IllegalArgumentException("matrix of " + rows + " × " + cols + " with stride " + stride
                    + " at offset " + offset + ": sizes must not be negative, stride not below the columns");
        }
        long end = rows == 0 ? 0 : offset + (rows - 1L) * stride + cols;
        if (end > data.byteSize() / Float.BYTES) {
            throw new IllegalArgumentException("matrix of " + rows + " × " + cols + " with stride " + stride
                    + " at offset " + offset + " ends at float " + end + ", the memory holds "
                    + data.byteSize() / Float.BYTES);
        }
    }

    /// {@return a zeroed matrix in native memory of `arena`, aligned to [#ALIGNMENT]}
    ///
    /// @param arena owns the memory
    /// @param rows  number of rows
    /// @param cols  number of columns
    public static Matrix allocate(Arena arena, int rows, int cols) {
        return new Matrix(arena.allocate((long) rows * cols * Float.BYTES, ALIGNMENT), 0, rows, cols, cols);
    }

    /// {@return a copy of `values`, row by row, in memory the garbage collector owns}
    ///
    /// @param rows   number of rows
    /// @param cols   number of columns
    /// @param values the values, row by row
    /// @throws IllegalArgumentException if there are not exactly `rows * cols` values
    public static Matrix of(int rows, int cols, float... values) {
        if (values.length != (long) rows * cols) {
            throw new IllegalArgumentException(values.length + " values for a matrix of " + rows + " × " + cols);
        }
        Matrix matrix = allocate(Arena.ofAuto(), rows, cols);
        MemorySegment.copy(values, 0, matrix.data, ELEMENT, 0, values.length);
        return matrix;
    }

    /// {@return the element at `(row, col)`, unchecked beyond the segment's own bounds}
    ///
    /// @param row the row, from 0
    /// @param col the column, from 0
    public float get(int row, int col) {
        return data.get(ELEMENT, (offset + (long) row * stride + col) << 2);
    }

    /// Sets the element at `(row, col)`.
    ///
    /// @param row   the row, from 0
    /// @param col   the column, from 0
    /// @param value the new value
    public void set(int row, int col, float value) {
        data.set(ELEMENT, (offset + (long) row * stride + col) << 2, value);
    }

    /// Sets a row to the values of an array from an index on.
    ///
    /// @param row    the row, from 0
    /// @param values has the row's values
    /// @param from   where the row begins among them
    public void setRow(int row, float[] values, int from) {
        Objects.checkIndex(row, rows);
        MemorySegment.copy(values, from, data, ELEMENT, rowBytes(row), cols);
    }

    /// {@return offset of `(row, 0)` in bytes from the start of [#data]}
    ///
    /// @param row the row, from 0
    public long rowBytes(int row) {
        return (offset + (long) row * stride) << 2;
    }

    /// {@return the view of rows `from` (inclusive) to `to` (exclusive)}
    ///
    /// @param from the first row
    /// @param to   the first row that no longer belongs
    public Matrix rows(int from, int to) {
        Objects.checkFromToIndex(from, to, rows);
        return new Matrix(data, offset + (long) from * stride, to - from, cols, stride);
    }

    /// {@return the view of columns `from` (inclusive) to `to` (exclusive)}
    ///
    /// @param from the first column
    /// @param to   the first column that no longer belongs
    public Matrix columns(int from, int to) {
        Objects.checkFromToIndex(from, to, cols);
        return new Matrix(data, offset + from, rows, to - from, stride);
    }

    /// {@return the view of rows `fromRow` to `toRow` and columns `fromCol` to `toCol`, the ends exclusive: one object, where
    /// [#rows] and [#columns] make two}
    ///
    /// @param fromRow the first row
    /// @param toRow   the first row that no longer belongs
    /// @param fromCol the first column
    /// @param toCol   the first column that no longer belongs
    public Matrix part(int fromRow, int toRow, int fromCol, int toCol) {
        Objects.checkFromToIndex(fromRow, toRow, rows);
        Objects.checkFromToIndex(fromCol, toCol, cols);
        return new Matrix(data, offset + (long) fromRow * stride + fromCol, toRow - fromRow, toCol - fromCol, stride);
    }

    /// {@return the view of the same values in rows of another length}
    ///
    /// @param newRows number of rows
    /// @param newCols number of columns
    /// @throws IllegalArgumentException if there are gaps between the rows, or not as many values
    public Matrix reshape(int newRows, int newCols) {
        if (stride != cols && rows > 1 || (long) newRows * newCols != (long) rows * cols) {
            throw new IllegalArgumentException(this + " with stride " + stride + " cannot be viewed as [" + newRows + ", "
                    + newCols + "]");
        }
        return new Matrix(data, offset, newRows, newCols, newCols);
    }

    /// {@return one row, copied to the heap}
    ///
    /// @param row the row, from 0
    public float[] row(int row) {
        Objects.checkIndex(row, rows);
        float[] values = new float[cols];
        MemorySegment.copy(data, ELEMENT, rowBytes(row), values, 0, cols);
        return values;
    }

    /// {@return all values, row by row, copied to the heap}
    public float[] toArray() {
        float[] values = new float[Math.multiplyExact(rows, cols)];
        toArray(values, 0);
        return values;
    }

    /// Copies all values, row by row, to `target` from that index on.
    ///
    /// @param target receives the values
    /// @param index  where the first one goes
    public void toArray(float[] target, int index) {
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(data, ELEMENT, rowBytes(row), target, index + row * cols, cols);
        }
    }

    /// Copies the values of a matrix of the same shape into this one.
    ///
    /// @param other a matrix of the same shape
    public void copyFrom(Matrix other) {
        requireShape("copy", other, rows, cols);
        if (rows > 0 && stride == cols && other.stride == cols) {
            MemorySegment.copy(other.data, other.rowBytes(0), data, rowBytes(0), (long) rows * cols * Float.BYTES);
            return;
        }
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(other.data, other.rowBytes(row), data, rowBytes(row), (long) cols * Float.BYTES);
        }
    }

    /// Refuses a matrix that is not `rows × cols`.
    ///
    /// @param where  named in the message: the layer or the operation
    /// @param matrix the matrix
    /// @param rows   what is expected
    /// @param cols   what is expected; negative for any number
    /// @throws IllegalArgumentException "where: expected [rows, cols], got [r, c]"
    public static void requireShape(String where, Matrix matrix, int rows, int cols) {
        if (matrix.rows != rows || matrix.cols != cols) {
            throw new IllegalArgumentException(where + ": expected " + "[" + rows + ", " + cols + "], got ["
                    + matrix.rows + ", " + matrix.cols + "]");
        }
    }

    @Override
    public String toString() {
        return "Matrix[" + rows + ", " + cols + "]";
    }
}
