// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import java.util.SplittableRandom;

/// The matrices of `C = A · B`, row by row in arrays. Rows are padded with zeros to a multiple of [#ROWS], columns to a multiple of
/// [#COLS]. So no version needs code for a remainder. Such code is most of a real kernel, and one learns nothing from it.
///
/// @param a     `[rows, inner]`
/// @param b     `[inner, cols]`
/// @param c     `[rows, cols]`
/// @param rows  rows, with padding
/// @param inner the inner dimension
/// @param cols  columns, with padding
public record Operands(float[] a, float[] b, float[] c, int rows, int inner, int cols) {

    /// The number of rows is a multiple of this.
    public static final int ROWS = 6;
    /// Columns come in multiples of this: four vectors of 512 bits.
    public static final int COLS = 64;

    /// Random values between -1 and 1 in the first rows and columns.
    public static Operands random(int rows, int inner, int cols) {
        int fullRows = (rows + ROWS - 1) / ROWS * ROWS;
        int fullCols = (cols + COLS - 1) / COLS * COLS;
        SplittableRandom random = new SplittableRandom(rows * 31L + cols);
        float[] a = new float[fullRows * inner];
        for (int i = 0; i < rows * inner; i++) {
            a[i] = (float) random.nextDouble(-1, 1);
        }
        float[] b = new float[inner * fullCols];
        for (int k = 0; k < inner; k++) {
            for (int j = 0; j < cols; j++) {
                b[k * fullCols + j] = (float) random.nextDouble(-1, 1);
            }
        }
        return new Operands(a, b, new float[fullRows * fullCols], fullRows, inner, fullCols);
    }

    /// The expected element of C, summed in double precision.
    public double expected(int row, int col) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
            sum += (double) a[row * inner + k] * b[k * cols + col];
        }
        return sum;
    }

    /// Multiplications and additions of the product.
    public double operations() {
        return 2.0 * rows * inner * cols;
    }

    /// B as panels of `width` columns. Each panel is a block of memory in the order in which it is read: panel `p` begins at
    /// `p · width · inner`, and in it row `k` follows row `k - 1`. The last panel may be narrower.
    float[] panels(int width) {
        float[] packed = new float[b.length];
        for (int from = 0; from < cols; from += width) {
            int panel = Math.min(width, cols - from);
            for (int k = 0; k < inner; k++) {
                System.arraycopy(b, k * cols + from, packed, from * inner + k * panel, panel);
            }
        }
        return packed;
    }
}
