// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.lang.foreign.Arena;
import java.util.List;

/// The weight of a linear layer, `[out, in]`, as a view of the parameters that hold its values. Most layers have a parameter
/// of their own. Some checkpoints keep several layers in one, or one layer in several.
public sealed interface WeightView {

    /// {@return output features}
    int out();

    /// {@return input features}
    int in();

    /// {@return the parameters the values come from}
    List<Parameter> parameters();

    /// Changes when values of a parameter do.
    ///
    /// @return a number that changes when values of a parameter do
    default int version() {
        int version = 0;
        for (Parameter parameter : parameters()) {
            version += parameter.version();
        }
        return version;
    }

    /// {@return the values: `[out, in]`} In place if they lie in memory that way, else in the arena's memory.
    ///
    /// @param temporary owns the memory that must be made for it
    Matrix read(Arena temporary);

    /// Rows `from` to `to` of a parameter: all of them, or one of several layers that are stacked in it.
    ///
    /// @param parameter holds the values
    /// @param from      its first row
    /// @param to        the first row that no longer belongs
    record Rows(Parameter parameter, int from, int to) implements WeightView {

        /// The whole parameter.
        ///
        /// @param parameter holds the values
        public Rows(Parameter parameter) {
            this(parameter, 0, parameter.size());
        }

        @Override
        public int out() {
            return to - from;
        }

        @Override
        public int in() {
            return parameter.cols();
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(parameter);
        }

        @Override
        public int version() {
            return parameter.version();
        }

        @Override
        public Matrix read(Arena temporary) {
            return parameter.rows(from, to, temporary);
        }
    }

    /// A convolution over tokens, `[out, in, width]`, as a linear layer on a token's neighbourhood of `width · in` features.
    ///
    /// @param parameter `[out, in, size]`
    record Convolution(Parameter parameter) implements WeightView {

        @Override
        public int out() {
            return parameter.size();
        }

        @Override
        public int in() {
            return parameter.cols();
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(parameter);
        }

        @Override
        public Matrix read(Arena temporary) {
            int[] shape = parameter.shape();
            int width = shape[2];
            Matrix stored = parameter.rows(0, out(), temporary);                                // [out, in · width]
            Matrix weight = Matrix.allocate(temporary, out(), in());                            // [out, width · in]
            for (int row = 0; row < out(); row++) {
                for (int i = 0; i < in(); i++) {
                    weight.set(row, i % width * shape[1] + i / width, stored.get(row, i));
                }
            }
            return weight;
        }
    }

    /// A parameter `[out, a]` and, to its right, the transpose of another `[b, out]`: `[out, a + b]`.
    ///
    /// @param left  `[out, k]`
    /// @param right `[in - k, out]`, which is transposed
    record Beside(Parameter left, Parameter right) implements WeightView {

        @Override
        public int out() {
            return left.size();
        }

        @Override
        public int in() {
            return left.cols() + right.size();
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(left, right);
        }

        @Override
        public Matrix read(Arena temporary) {
            Matrix first = left.rows(0, out(), temporary);                                      // [out, a]
            Matrix second = right.rows(0, right.size(), temporary);                             // [b, out]
            Matrix weight = Matrix.allocate(temporary, out(), in());                            // [out, a + b]
            weight.columns(0, left.cols()).copyFrom(first);
            for (int row = 0; row < out(); row++) {
                for (int i = 0; i < second.rows(); i++) {
                    weight.set(row, left.cols() + i, second.get(i, row));
                }
            }
            return weight;
        }
    }
}
