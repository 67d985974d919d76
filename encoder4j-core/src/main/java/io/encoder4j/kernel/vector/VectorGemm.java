// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.BYTES;
import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.ORDER;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// `C = A · B` on a tile of up to [#ROWS] rows by one to four vectors of columns, held in registers while the inner
/// dimension runs. Each step loads the vectors of one row of B and multiplies them by one broadcast value of each row of A.
///
/// Every element of C is one chain of fused multiply-adds in the order of the inner dimension, whichever tile it falls in,
/// so its bits do not depend on the tile.
///
/// Written out by hand because the registers must be local variables: the Vector API gives no array of vectors that stays
/// in registers.
final class VectorGemm {

    /// Rows of a full tile.
    static final int ROWS = 6;

    private VectorGemm() { }

    /// `vectors` columns-of-lanes (1, 2 or 4) of `C[0 … rows) = A[0 … rows, 0 … inner) · B`.
    ///
    /// @param a,aStart,aStride left operand: row r begins at byte `aStart + r * aStride`
    /// @param b,bStart,bStride right operand: row k begins at byte `bStart + k * bStride` and has `vectors` full vectors
    /// @param c,cStart,cStride result
    static void multiply(int rows, int vectors, int inner, MemorySegment a, long aStart, long aStride, MemorySegment b,
            long bStart, long bStride, MemorySegment c, long cStart, long cStride) {
        int row = 0;
        for (; row + ROWS <= rows; row += ROWS) {
            tile(ROWS, vectors, inner, a, aStart + row * aStride, aStride, b, bStart, bStride,
                    c, cStart + row * cStride, cStride);
        }
        if (row < rows) {
            tile(rows - row, vectors, inner, a, aStart + row * aStride, aStride, b, bStart, bStride,
                    c, cStart + row * cStride, cStride);
        }
    }

    private static void tile(int rows, int vectors, int inner, MemorySegment a, long aStart, long aStride,
            MemorySegment b, long bStart, long bStride, MemorySegment c, long cStart, long cStride) {
        int done = 0;
        while (done < rows) {
            int left = rows - done;
            long aAt = aStart + done * aStride;
            long cAt = cStart + done * cStride;
            int step = left >= 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            int column = 0;
            while (column < vectors) {
                int width = vectors - column >= 4 && Species.PANEL_VECTORS == 4 ? 4 : vectors - column >= 2 ? 2 : 1;
                dispatch(step, width, inner, a, aAt, aStride, b, bStart + (long) column * BYTES, bStride,
                        c, cAt + (long) column * BYTES, cStride);
                column += width;
            }
            done += step;
        }
    }

    private static void dispatch(int rows, int width, int inner, MemorySegment a, long aAt, long as, MemorySegment b,
            long bAt, long bs, MemorySegment c, long cAt, long cs) {
        if (width == 4) {
            switch (rows) {
                case 6 -> tile6x4(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                case 4 -> tile4x4(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                case 2 -> tile2x4(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                default -> tile1x4(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
            }
        } else if (width == 2) {
            switch (rows) {
                case 6 -> tile6x2(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                case 4 -> tile4x2(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                case 2 -> tile2x2(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                default -> tile1x2(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
            }
        } else {
            for (int row = 0; row < rows; row++) {
                tile1x1(inner, a, aAt + row * as, b, bAt, bs, c, cAt + row * cs);
            }
        }
    }

    private static void tile6x4(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F),
                c02 = FloatVector.zero(F), c03 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F),
                c12 = FloatVector.zero(F), c13 = FloatVector.zero(F);
        FloatVector c20 = FloatVector.zero(F), c21 = FloatVector.zero(F),
                c22 = FloatVector.zero(F), c23 = FloatVector.zero(F);
        FloatVector c30 = FloatVector.zero(F), c31 = FloatVector.zero(F),
                c32 = FloatVector.zero(F), c33 = FloatVector.zero(F);
        FloatVector c40 = FloatVector.zero(F), c41 = FloatVector.zero(F),
                c42 = FloatVector.zero(F), c43 = FloatVector.zero(F);
        FloatVector c50 = FloatVector.zero(F), c51 = FloatVector.zero(F),
                c52 = FloatVector.zero(F), c53 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector b2 = load(b, bAt + 2 * BYTES);
            FloatVector b3 = load(b, bAt + 3 * BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = spread(a, aAt + as);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = spread(a, aAt + 2 * as);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = spread(a, aAt + 3 * as);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
            FloatVector a4 = spread(a, aAt + 4 * as);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            c43 = a4.fma(b3, c43);
            FloatVector a5 = spread(a, aAt + 5 * as);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            c52 = a5.fma(b2, c52);
            c53 = a5.fma(b3, c53);
        }
        store4(c, cAt, c00, c01, c02, c03);
        store4(c, cAt + cs, c10, c11, c12, c13);
        store4(c, cAt + 2 * cs, c20, c21, c22, c23);
        store4(c, cAt + 3 * cs, c30, c31, c32, c33);
        store4(c, cAt + 4 * cs, c40, c41, c42, c43);
        store4(c, cAt + 5 * cs, c50, c51, c52, c53);
    }

    private static void tile4x4(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F),
                c02 = FloatVector.zero(F), c03 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F),
                c12 = FloatVector.zero(F), c13 = FloatVector.zero(F);
        FloatVector c20 = FloatVector.zero(F), c21 = FloatVector.zero(F),
                c22 = FloatVector.zero(F), c23 = FloatVector.zero(F);
        FloatVector c30 = FloatVector.zero(F), c31 = FloatVector.zero(F),
                c32 = FloatVector.zero(F), c33 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector b2 = load(b, bAt + 2 * BYTES);
            FloatVector b3 = load(b, bAt + 3 * BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = spread(a, aAt + as);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = spread(a, aAt + 2 * as);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = spread(a, aAt + 3 * as);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
        }
        store4(c, cAt, c00, c01, c02, c03);
        store4(c, cAt + cs, c10, c11, c12, c13);
        store4(c, cAt + 2 * cs, c20, c21, c22, c23);
        store4(c, cAt + 3 * cs, c30, c31, c32, c33);
    }

    private static void tile2x4(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F),
                c02 = FloatVector.zero(F), c03 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F),
                c12 = FloatVector.zero(F), c13 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector b2 = load(b, bAt + 2 * BYTES);
            FloatVector b3 = load(b, bAt + 3 * BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = spread(a, aAt + as);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
        }
        store4(c, cAt, c00, c01, c02, c03);
        store4(c, cAt + cs, c10, c11, c12, c13);
    }

    private static void tile1x4(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F),
                c02 = FloatVector.zero(F), c03 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector b2 = load(b, bAt + 2 * BYTES);
            FloatVector b3 = load(b, bAt + 3 * BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
        }
        store4(c, cAt, c00, c01, c02, c03);
    }

    private static void tile6x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F);
        FloatVector c20 = FloatVector.zero(F), c21 = FloatVector.zero(F);
        FloatVector c30 = FloatVector.zero(F), c31 = FloatVector.zero(F);
        FloatVector c40 = FloatVector.zero(F), c41 = FloatVector.zero(F);
        FloatVector c50 = FloatVector.zero(F), c51 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = spread(a, aAt + as);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = spread(a, aAt + 2 * as);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = spread(a, aAt + 3 * as);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = spread(a, aAt + 4 * as);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = spread(a, aAt + 5 * as);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        store2(c, cAt, c00, c01);
        store2(c, cAt + cs, c10, c11);
        store2(c, cAt + 2 * cs, c20, c21);
        store2(c, cAt + 3 * cs, c30, c31);
        store2(c, cAt + 4 * cs, c40, c41);
        store2(c, cAt + 5 * cs, c50, c51);
    }

    private static void tile4x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F);
        FloatVector c20 = FloatVector.zero(F), c21 = FloatVector.zero(F);
        FloatVector c30 = FloatVector.zero(F), c31 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = spread(a, aAt + as);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = spread(a, aAt + 2 * as);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = spread(a, aAt + 3 * as);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        store2(c, cAt, c00, c01);
        store2(c, cAt + cs, c10, c11);
        store2(c, cAt + 2 * cs, c20, c21);
        store2(c, cAt + 3 * cs, c30, c31);
    }

    private static void tile2x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = spread(a, aAt + as);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
        }
        store2(c, cAt, c00, c01);
        store2(c, cAt + cs, c10, c11);
    }

    private static void tile1x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = load(b, bAt);
            FloatVector b1 = load(b, bAt + BYTES);
            FloatVector a0 = spread(a, aAt);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
        }
        store2(c, cAt, c00, c01);
    }

    private static void tile1x1(int inner, MemorySegment a, long aAt, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt) {
        FloatVector sum = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            sum = spread(a, aAt).fma(load(b, bAt), sum);
        }
        sum.intoMemorySegment(c, cAt, ORDER);
    }

    private static void store4(MemorySegment c, long at, FloatVector v0, FloatVector v1, FloatVector v2,
            FloatVector v3) {
        v0.intoMemorySegment(c, at, ORDER);
        v1.intoMemorySegment(c, at + BYTES, ORDER);
        v2.intoMemorySegment(c, at + 2 * BYTES, ORDER);
        v3.intoMemorySegment(c, at + 3 * BYTES, ORDER);
    }

    private static void store2(MemorySegment c, long at, FloatVector v0, FloatVector v1) {
        v0.intoMemorySegment(c, at, ORDER);
        v1.intoMemorySegment(c, at + BYTES, ORDER);
    }

    private static FloatVector load(MemorySegment data, long bytes) {
        return FloatVector.fromMemorySegment(F, data, bytes, ORDER);
    }

    private static FloatVector spread(MemorySegment data, long bytes) {
        return FloatVector.broadcast(F, data.get(Matrix.ELEMENT, bytes));
    }
}
