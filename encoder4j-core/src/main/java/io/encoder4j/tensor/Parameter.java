// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One learned array of a model: its name in the checkpoint, its shape, and where its values are.
///
/// A parameter is compared by identity. Tied weights are one object: the table of word vectors and the decoder that
/// multiplies with it hold the same parameter. Values are read when they are first needed. [#set] replaces them. Code that
/// keeps something made of the values compares [#version].
///
/// May be shared among threads. [#set] must not run while a forward pass uses the model.
public final class Parameter {

    /// Where a parameter's values come from.
    public interface Source {

        /// {@return where the values are}
        Storage storage();

        /// {@return rows of the values seen as a matrix of `cols` columns} Memory that must be made for them is the arena's.
        ///
        /// @param cols  columns of a row
        /// @param from  the first row
        /// @param to    the first row that no longer belongs
        /// @param arena owns the memory that must be made for them
        Matrix rows(int cols, int from, int to, Arena arena);

        /// {@return all values, row by row, as a new array}
        float[] toArray();
    }

    /// Where a parameter's values are.
    public enum Storage {
        /// In a file that is mapped into memory, as float32: read in place.
        MAPPED,
        /// In a file, as another type: converted to float32 when they are read.
        CONVERTED,
        /// In memory, as float32.
        MEMORY
    }

    private final String name;
    private final int[] shape;
    private final Arena arena;
    private volatile Source source;
    private volatile int version;
    private volatile @Nullable Matrix matrix;
    private volatile float @Nullable [] vector;

    /// A parameter whose values are read from a source.
    ///
    /// @param name   its name in the checkpoint, as the file spells it
    /// @param shape  sizes, outermost first
    /// @param source where its values are
    /// @param arena  owns the memory that [#matrix] makes, if it must make any
    public Parameter(String name, int[] shape, Source source, Arena arena) {
        this.name = name;
        this.shape = shape.clone();
        this.source = source;
        this.arena = arena;
    }

    /// {@return a parameter whose values are in memory}
    ///
    /// @param name   names it in listings
    /// @param values row by row; copied
    /// @param shape  the size of each axis
    /// @throws IllegalArgumentException if there are not as many as the shape has
    public static Parameter of(String name, float[] values, int... shape) {
        Parameter parameter = new Parameter(name, shape, new InMemory(values.clone()), Arena.ofAuto());
        parameter.requireCount(values.length);
        return parameter;
    }

    /// {@return the name in the checkpoint, as the file spells it: `bert.encoder.layer.0.output.dense.weight`}
    public String name() {
        return name;
    }

    /// {@return sizes, outermost first; empty for a scalar}
    public int[] shape() {
        return shape.clone();
    }

    /// {@return number of values}
    public long elements() {
        long elements = 1;
        for (int size : shape) {
            elements *= size;
        }
        return elements;
    }

    /// {@return the outermost size: rows of [#matrix], or values of a vector}
    public int size() {
        return shape.length == 0 ? 1 : shape[0];
    }

    /// {@return features of a row of [#matrix]: the product of all sizes but the outermost}
    public int cols() {
        long cols = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            cols = Math.multiplyExact(cols, shape[axis]);
        }
        return Math.toIntExact(cols);
    }

    /// {@return where the values are}
    public Storage storage() {
        return source.storage();
    }

    /// {@return whether the values come from this source}
    ///
    /// @param other a source
    public boolean isFrom(Source other) {
        return source == other;
    }

    /// {@return the values as a matrix `[size, cols]`: in place if they are mapped as float32, else converted once and kept}
    public Matrix matrix() {
        Matrix known = matrix;
        if (known == null) {
            synchronized (this) {
                if (matrix == null) {
                    matrix = source.rows(cols(), 0, size(), arena);
                }
                known = matrix;
            }
        }
        return known;
    }

    /// {@return some rows of the values as a matrix for short use: `[to - from, cols]`}
    ///
    /// @param from      the first row
    /// @param to        the first row that no longer belongs
    /// @param temporary owns the memory that must be made for them
    public Matrix rows(int from, int to, Arena temporary) {
        return source.rows(cols(), from, to, temporary);
    }

    /// {@return the values row by row, kept for the next call: meant for norms and biases} Callers must not change the array.
    public float[] vector() {
        float[] known = vector;
        if (known == null) {
            synchronized (this) {
                if (vector == null) {
                    vector = source.toArray();
                }
                known = vector;
            }
        }
        return known;
    }

    /// Replaces the values. Layouts made of the old values are made again when they are next needed.
    ///
    /// @param values row by row; copied
    /// @throws IllegalArgumentException if there are not as many as the shape has
    public synchronized void set(float[] values) {
        requireCount(values.length);
        source = new InMemory(values.clone());
        matrix = null;
        vector = null;
        version++;
    }

    /// {@return how many times the values were replaced}
    public int version() {
        return version;
    }

    private void requireCount(int count) {
        if (count != elements()) {
            throw new IllegalArgumentException(this + ": expected " + elements() + " values, got " + count);
        }
    }

    @Override
    public String toString() {
        return name + " " + Arrays.toString(shape);
    }

    private record InMemory(float[] values) implements Source {

        @Override
        public Storage storage() {
            return Storage.MEMORY;
        }

        @Override
        public Matrix rows(int cols, int from, int to, Arena arena) {
            Matrix rows = Matrix.allocate(arena, to - from, cols);
            for (int row = from; row < to; row++) {
                rows.setRow(row - from, values, row * cols);
            }
            return rows;
        }

        @Override
        public float[] toArray() {
            return values.clone();
        }
    }
}
