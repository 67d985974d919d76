// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.Tensor;
import java.util.Arrays;

/// An attention mask in either of torch's two kinds. Which shapes are right depends on its use: see [Masks].
///
/// Beware of torch's own two meanings: here, as for torch's modules, `true` means *may not* attend, whereas the bool
/// mask of `F.scaled_dot_product_attention` means the opposite.
public sealed interface Mask {

    /// {@return sizes, outermost first}
    int[] shape();

    /// {@return what the mask adds to the score at this position of its row-major values; `-∞` forbids}
    ///
    /// @param position in row order
    float added(int position);

    /// A bool mask.
    ///
    /// @param shape  the size of each axis
    /// @param values row-major; true where attention is not allowed
    record Forbid(int[] shape, boolean[] values) implements Mask {

        /// Checks the sizes.
        ///
        /// @throws IllegalArgumentException if the number of values is not the product of the sizes
        public Forbid {
            long count = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
            if (count != values.length) {
                throw new IllegalArgumentException("a mask of shape " + Arrays.toString(shape) + " needs " + count
                        + " values, got " + values.length);
            }
        }

        @Override
        public float added(int position) {
            return values[position] ? Float.NEGATIVE_INFINITY : 0;
        }
    }

    /// A float mask.
    ///
    /// @param values added to the scores
    record Add(Tensor values) implements Mask {

        /// Checks the values.
        ///
        /// @throws IllegalArgumentException if a value is NaN or `+∞`, which could only give NaN
        public Add {
            for (int i = 0; i < values.values().length; i++) {
                float value = values.values()[i];
                if (Float.isNaN(value) || value == Float.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("mask of shape " + Arrays.toString(values.shape()) + " holds "
                            + value + " at position " + i + "; a mask adds finite numbers, or -Infinity to forbid");
                }
            }
        }

        @Override
        public int[] shape() {
            return values.shape();
        }

        @Override
        public float added(int position) {
            return values.values()[position];
        }
    }

    /// {@return a bool mask: true where attention is not allowed}
    ///
    /// @param values in row order; true forbids
    /// @param shape  the size of each axis
    static Mask forbid(boolean[] values, int... shape) {
        return new Forbid(shape, values);
    }

    /// {@return a bool mask of two dimensions, one row per query or, for key padding, per sequence}
    ///
    /// @param rows true forbids; `[query][key]`
    /// @throws IllegalArgumentException if the rows differ in length
    static Mask forbid(boolean[][] rows) {
        int cols = rows.length == 0 ? 0 : rows[0].length;
        boolean[] values = new boolean[rows.length * cols];
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != cols) {
                throw new IllegalArgumentException("mask row " + row + " has " + rows[row].length
                        + " values, row 0 has " + cols);
            }
            System.arraycopy(rows[row], 0, values, row * cols, cols);
        }
        return new Forbid(new int[] {rows.length, cols}, values);
    }

    /// {@return a float mask, added to the scores}
    ///
    /// @param values what is added to the scores
    static Mask add(Tensor values) {
        return new Add(values);
    }

    /// {@return the bool mask `[length, length]` under which a token sees itself and what stands before it: torch's
    /// `Transformer.generate_square_subsequent_mask`}
    ///
    /// @param length tokens of a sequence
    static Mask causal(int length) {
        boolean[][] rows = new boolean[length][length];
        for (int query = 0; query < length; query++) {
            Arrays.fill(rows[query], query + 1, length, true);
        }
        return forbid(rows);
    }

    /// {@return the bool key padding mask `[lengths.length, length]` of sequences padded on the right to `length`}
    ///
    /// @param length  the longest sequence
    /// @param lengths tokens of each sequence
    /// @throws IllegalArgumentException if a sequence is longer than `length` or negative
    static Mask padding(int length, int... lengths) {
        boolean[][] rows = new boolean[lengths.length][length];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0 || lengths[i] > length) {
                throw new IllegalArgumentException("sequence " + i + " has " + lengths[i] + " tokens of " + length);
            }
            Arrays.fill(rows[i], lengths[i], length, true);
        }
        return forbid(rows);
    }
}
