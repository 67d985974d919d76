// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import java.lang.foreign.Arena;
import java.util.function.Supplier;

/// The values of a base's tensor and, added to them, a multiple of a product of two small matrices. Sums are taken in double
/// precision and rounded once. Nothing is kept: rows are made when they are asked for.
///
/// @param base  the tensor that is added to
/// @param left  `[out, r]`, row by row
/// @param right `[r, in]`, row by row
/// @param rank  r
/// @param scale of the product
record AdaptedValues(StoredTensor base, Supplier<float[]> left, Supplier<float[]> right, int rank, double scale)
        implements Parameter.Source {

    /// A weight `[out, in]`, or a table `[rows, size]`.
    ///
    /// @param down  A, `[r, in]`; of a table `[r, rows]`
    /// @param up    B, `[out, r]`; of a table `[size, r]`
    /// @param table whether the product is transposed, as PEFT has it for tables
    static AdaptedValues ofWeight(StoredTensor base, StoredTensor down, StoredTensor up, boolean table, double scale) {
        int rank = Math.toIntExact(down.shape()[0]);
        return table ? new AdaptedValues(base, () -> transposed(down), () -> transposed(up), rank, scale)
                : new AdaptedValues(base, up::toFloats, down::toFloats, rank, scale);
    }

    /// A bias `[out]`, to which another is added: a product with the number 1.
    static AdaptedValues ofBias(StoredTensor base, StoredTensor added, double scale) {
        return new AdaptedValues(base, () -> new float[] {1}, added::toFloats, 1, scale);
    }

    private static float[] transposed(StoredTensor tensor) {
        float[] values = tensor.toFloats();
        int cols = Math.toIntExact(tensor.shape()[1]);
        int rows = values.length / cols;
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            transposed[i % cols * rows + i / cols] = values[i];
        }
        return transposed;
    }

    @Override
    public Parameter.Storage storage() {
        return Parameter.Storage.CONVERTED;
    }

    @Override
    public Matrix rows(int cols, int from, int to, Arena arena) {
        Matrix rows = Matrix.allocate(arena, to - from, cols);
        float[] a = left.get();
        float[] b = right.get();
        float[] values = new float[cols];
        for (int row = from; row < to; row++) {
            fill(values, (long) row * cols, row * rank, a, b);
            rows.setRow(row - from, values, 0);
        }
        return rows;
    }

    @Override
    public float[] toArray() {
        float[] values = new float[Math.toIntExact(base.elements())];
        long[] shape = base.shape();
        int cols = Math.toIntExact(shape[shape.length - 1]);
        float[] a = left.get();
        float[] b = right.get();
        float[] part = new float[cols];
        for (int row = 0; row < values.length / cols; row++) {
            fill(part, (long) row * cols, row * rank, a, b);
            System.arraycopy(part, 0, values, row * cols, cols);
        }
        return values;
    }

    /// One row of the result.
    ///
    /// @param at   where it begins in the base
    /// @param from where its row of the left matrix begins
    private void fill(float[] values, long at, int from, float[] a, float[] b) {
        double[] sums = new double[values.length];
        for (int k = 0; k < rank; k++) {
            double factor = scale * a[from + k];
            int start = k * values.length;
            for (int i = 0; i < values.length; i++) {
                sums[i] += factor * b[start + i];
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (base.get(at + i) + sums[i]);
        }
    }
}
