// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.util.Arrays;

/// A shape and its values on the heap, row-major: torch's tensor. For arguments, results, goldens and files; the engine itself
/// computes on [Matrix].
///
/// @param shape  sizes, outermost first; empty for a scalar
/// @param values as many as the product of the sizes; shared with the caller, not copied
public record Tensor(int[] shape, float[] values) {

    /// Checks the sizes.
    ///
    /// @throws IllegalArgumentException if the number of values is not the product of the sizes
    public Tensor {
        if (elements(shape) != values.length) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " needs " + elements(shape)
                    + " values, got " + values.length);
        }
    }

    /// {@return a tensor of `values` with the given sizes}
    ///
    /// @param values in row order; not copied
    /// @param shape  the size of each axis
    public static Tensor of(float[] values, int... shape) {
        return new Tensor(shape, values);
    }

    /// {@return a tensor of zeros}
    ///
    /// @param shape the size of each axis
    public static Tensor zeros(int... shape) {
        return new Tensor(shape, new float[Math.toIntExact(elements(shape))]);
    }

    /// {@return a copy of a matrix as a tensor of two dimensions}
    ///
    /// @param matrix whose values are copied
    public static Tensor of(Matrix matrix) {
        return of(matrix.toArray(), matrix.rows(), matrix.cols());
    }

    /// {@return number of dimensions}
    public int rank() {
        return shape.length;
    }

    /// {@return size of dimension `axis`; negative counts from the last, as in torch}
    ///
    /// @param axis which axis, from 0
    public int size(int axis) {
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    /// {@return the element at `index`, one number per dimension}
    ///
    /// @param index a number for each axis
    public float get(int... index) {
        return values[position(index)];
    }

    /// Sets the element at `index`.
    ///
    /// @param value the new value
    /// @param index a number for each axis
    public void set(float value, int... index) {
        values[position(index)] = value;
    }

    /// {@return the same values under another shape}
    ///
    /// @param newShape sizes with the same product
    public Tensor reshape(int... newShape) {
        return new Tensor(newShape, values);
    }

    /// {@return the values as a matrix whose columns are the last dimension and whose rows are all the others}
    public Matrix toMatrix() {
        int cols = shape.length == 0 ? 1 : size(-1);
        return Matrix.of(cols == 0 ? 0 : values.length / cols, cols, values);
    }

    private int position(int[] index) {
        if (index.length != shape.length) {
            throw new IllegalArgumentException(index.length + " indices for shape " + Arrays.toString(shape));
        }
        int position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape[axis]) {
                throw new IndexOutOfBoundsException("index " + Arrays.toString(index) + " outside shape "
                        + Arrays.toString(shape));
            }
            position = position * shape[axis] + index[axis];
        }
        return position;
    }

    private static long elements(int[] shape) {
        long count = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("negative size in shape " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, (long) size);
        }
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor t && Arrays.equals(shape, t.shape) && Arrays.equals(values, t.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
