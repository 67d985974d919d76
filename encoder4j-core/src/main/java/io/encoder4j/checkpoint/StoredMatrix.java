// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/// Tensors of a checkpoint as matrices of float32.
final class StoredMatrix {

    /// Values that are looked through in less than a millisecond: 2 MiB.
    static final long SMALL = 1 << 19;

    private static final ValueLayout.OfLong PAIR = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long EXPONENTS = 0x7F80_0000_7F80_0000L;
    private static final long ONE_MORE = 0x0080_0000_0080_0000L;
    private static final long SIGNS = 0x8000_0000_8000_0000L;
    private static final int BLOCK = 1 << 12;

    private StoredMatrix() { }

    /// Some rows of a tensor of two dimensions: where they are mapped if they are float32, else converted.
    ///
    /// @param arena owns what is converted
    static Matrix rows(StoredTensor tensor, int cols, int from, int to, Arena arena) {
        return switch (tensor.dtype()) {
            case F32 -> new Matrix(tensor.data(), (long) from * cols, to - from, cols, cols);
            default -> {
                Matrix converted = Matrix.allocate(arena, to - from, cols);
                float[] row = new float[cols];
                for (int i = 0; i < to - from; i++) {
                    tensor.copy((long) (from + i) * cols, row, cols);
                    converted.setRow(i, row, 0);
                }
                yield converted;
            }
        };
    }

    /// Where the first value is that is not finite, and what it is: `[3, 5]: NaN`.
    ///
    /// @param from number of the matrix's first row in its tensor
    static Optional<String> nonFinite(Matrix matrix, int from) {
        return allFinite(matrix) ? Optional.empty() : firstNonFinite(matrix, from);
    }

    /// Looks at two values at a time, since this goes over all weights before the JIT knows it: of infinities and NaNs, and
    /// of nothing else, the exponent is all ones, and one more than that is the sign bit.
    private static boolean allFinite(Matrix matrix) {
        long[] pairs = new long[Math.clamp((long) matrix.rows() * matrix.cols() / 2, 1, BLOCK)];
        long carried = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            int done = 0;
            while (matrix.cols() - done > 1) {
                int count = Math.min(pairs.length, (matrix.cols() - done) / 2);
                MemorySegment.copy(matrix.data(), PAIR, matrix.rowBytes(row) + (long) done * Float.BYTES, pairs, 0, count);
                for (int i = 0; i < count; i++) {
                    carried |= (pairs[i] & EXPONENTS) + ONE_MORE;
                }
                done += 2 * count;
            }
            if (done < matrix.cols() && !Float.isFinite(matrix.get(row, done))) {
                return false;
            }
        }
        return (carried & SIGNS) == 0;
    }

    private static Optional<String> firstNonFinite(Matrix matrix, int from) {
        float[] values = new float[matrix.cols()];
        for (int row = 0; row < matrix.rows(); row++) {
            MemorySegment.copy(matrix.data(), Matrix.ELEMENT, matrix.rowBytes(row), values, 0, values.length);
            int col = firstNonFinite(values);
            if (col >= 0) {
                return Optional.of("[" + (from + row) + ", " + col + "]: " + values[col]);
            }
        }
        return Optional.empty();
    }

    /// The same for values of any shape, row by row.
    static Optional<String> nonFinite(float[] values, long[] shape) {
        int bad = firstNonFinite(values);
        if (bad < 0) {
            return Optional.empty();
        }
        long[] index = new long[shape.length];
        long rest = bad;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return Optional.of(Arrays.toString(index) + ": " + values[bad]);
    }

    /// Index of the first value that is infinite or not a number, or -1. Nought times a finite value is nought.
    static int firstNonFinite(float[] values) {
        float sum = 0;
        for (float value : values) {
            sum += value * 0f;
        }
        for (int i = 0; sum != 0 && i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }
}
