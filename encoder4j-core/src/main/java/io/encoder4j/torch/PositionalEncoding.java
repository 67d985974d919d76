// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;

/// Sinusoidal positions (Vaswani et al. 2017, section 3.5), added to the embeddings. Column `2i` of position `pos` is
/// `sin(pos / 10000^(2i/d))`, column `2i + 1` is the cosine of the same angle; when d is odd the last column is a sine.
///
/// The table is computed in double precision and rounded once. Programs that compute it in float32, as many do in
/// torch, differ in the fourth decimal at positions in the thousands.
///
/// @param table      `[maxLength, d]`
/// @param batchFirst whether a batch is `[N, S, d]`; else `[S, N, d]`
public record PositionalEncoding(Tensor table, boolean batchFirst) {

    /// {@return positions 0 to `maxLength - 1` for `d` features}
    ///
    /// @param maxLength  the longest sequence
    /// @param d          features of a token
    /// @param batchFirst whether inputs are `[N, S, d]` rather than `[S, N, d]`
    /// @throws IllegalArgumentException if either is not positive
    public static PositionalEncoding of(int maxLength, int d, boolean batchFirst) {
        return new PositionalEncoding(table(maxLength, d), batchFirst);
    }

    /// {@return the table `[maxLength, d]` by itself}
    ///
    /// @param maxLength the longest sequence
    /// @param d         features of a token
    /// @throws IllegalArgumentException if either is not positive
    public static Tensor table(int maxLength, int d) {
        if (maxLength < 1 || d < 1) {
            throw new IllegalArgumentException("positions need a length and features, got max_len " + maxLength
                    + " and d " + d);
        }
        Tensor table = Tensor.zeros(maxLength, d);
        for (int col = 0; col < d; col++) {
            double wavelength = Math.pow(10_000, (col - col % 2) / (double) d);
            for (int position = 0; position < maxLength; position++) {
                double angle = position / wavelength;
                table.set((float) (col % 2 == 0 ? Math.sin(angle) : Math.cos(angle)), position, col);
            }
        }
        return table;
    }

    /// Adds each token's position: `[N, S, d]`, `[S, N, d]` or unbatched `[S, d]` to the same shape.
    ///
    /// @param x the tokens, in one of these shapes
    /// @return the sum, in the shape of `x`
    /// @throws IllegalArgumentException if `x` has other features or more tokens than the table
    public Tensor forward(Tensor x) {
        Layout layout = Layout.of("positional encoding", x, batchFirst, table.size(1));
        if (layout.length() > table.size(0)) {
            throw tooLong(layout.length());
        }
        float[] sum = x.values().clone();
        int width = table.size(1);
        for (int row = 0; row < layout.count() * layout.length(); row++) {
            int position = layout.batched() && !batchFirst ? row / layout.count() : row % layout.length();
            for (int col = 0; col < width; col++) {
                sum[row * width + col] += table.values()[position * width + col];
            }
        }
        return Tensor.of(sum, x.shape().clone());
    }

    /// Adds each token's position within its sequence: `[T, d] → [T, d]`.
    ///
    /// @param x         the tokens, in one of these shapes
    /// @param sequences where each sequence begins and ends
    /// @param pass      computes
    /// @return the sum, in the shape of `x`
    public Matrix forward(Matrix x, Sequences sequences, Pass pass) {
        var rows = new io.encoder4j.nn.Embedding("positions", Parameter.of("pe", table.values(), table.shape())); // [maxLength, d]
        int[] positions = new int[sequences.tokens()];
        for (int i = 0; i < sequences.count(); i++) {
            if (sequences.length(i) > table.size(0)) {
                throw tooLong(sequences.length(i));
            }
            for (int t = 0; t < sequences.length(i); t++) {
                positions[sequences.start(i) + t] = t;
            }
        }
        return pass.add(x, pass.embed(rows, positions));                                        // [T, d]
    }

    private IllegalArgumentException tooLong(int length) {
        return new IllegalArgumentException("a sequence of " + length + " tokens, but the positional encoding has only "
                + table.size(0) + " positions");
    }
}
