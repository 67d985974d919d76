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
/// The loops are written out because the registers must be local variables: the Vector API has no array of vectors that stays
/// in registers. The loops must not call other methods of ours either. A tile is near the JIT's inlining limit, which only the
/// JDK's own force-inlined methods may exceed, and a call that is not inlined turns every accumulator into an object (measured:
/// 12 GFLOP/s instead of more than ten times that).
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
            if (rows == 6) {
                tile6x1(inner, a, aAt, as, b, bAt, bs, c, cAt, cs);
                return;
            }
            for (int row = 0; row < rows; row++) {
                tile1x1(inner, a, aAt + row * as, as, b, bAt, bs, c, cAt + row * cs, cs);
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
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(F, b, bAt + 2 * BYTES, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(F, b, bAt + 3 * BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 2 * as));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 3 * as));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
            FloatVector a4 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 4 * as));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            c43 = a4.fma(b3, c43);
            FloatVector a5 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 5 * as));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            c52 = a5.fma(b2, c52);
            c53 = a5.fma(b3, c53);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c02.intoMemorySegment(c, cAt + 2 * BYTES, ORDER);
        c03.intoMemorySegment(c, cAt + 3 * BYTES, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c11.intoMemorySegment(c, cAt + cs + BYTES, ORDER);
        c12.intoMemorySegment(c, cAt + cs + 2 * BYTES, ORDER);
        c13.intoMemorySegment(c, cAt + cs + 3 * BYTES, ORDER);
        c20.intoMemorySegment(c, cAt + 2 * cs, ORDER);
        c21.intoMemorySegment(c, cAt + 2 * cs + BYTES, ORDER);
        c22.intoMemorySegment(c, cAt + 2 * cs + 2 * BYTES, ORDER);
        c23.intoMemorySegment(c, cAt + 2 * cs + 3 * BYTES, ORDER);
        c30.intoMemorySegment(c, cAt + 3 * cs, ORDER);
        c31.intoMemorySegment(c, cAt + 3 * cs + BYTES, ORDER);
        c32.intoMemorySegment(c, cAt + 3 * cs + 2 * BYTES, ORDER);
        c33.intoMemorySegment(c, cAt + 3 * cs + 3 * BYTES, ORDER);
        c40.intoMemorySegment(c, cAt + 4 * cs, ORDER);
        c41.intoMemorySegment(c, cAt + 4 * cs + BYTES, ORDER);
        c42.intoMemorySegment(c, cAt + 4 * cs + 2 * BYTES, ORDER);
        c43.intoMemorySegment(c, cAt + 4 * cs + 3 * BYTES, ORDER);
        c50.intoMemorySegment(c, cAt + 5 * cs, ORDER);
        c51.intoMemorySegment(c, cAt + 5 * cs + BYTES, ORDER);
        c52.intoMemorySegment(c, cAt + 5 * cs + 2 * BYTES, ORDER);
        c53.intoMemorySegment(c, cAt + 5 * cs + 3 * BYTES, ORDER);
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
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(F, b, bAt + 2 * BYTES, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(F, b, bAt + 3 * BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 2 * as));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 3 * as));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c02.intoMemorySegment(c, cAt + 2 * BYTES, ORDER);
        c03.intoMemorySegment(c, cAt + 3 * BYTES, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c11.intoMemorySegment(c, cAt + cs + BYTES, ORDER);
        c12.intoMemorySegment(c, cAt + cs + 2 * BYTES, ORDER);
        c13.intoMemorySegment(c, cAt + cs + 3 * BYTES, ORDER);
        c20.intoMemorySegment(c, cAt + 2 * cs, ORDER);
        c21.intoMemorySegment(c, cAt + 2 * cs + BYTES, ORDER);
        c22.intoMemorySegment(c, cAt + 2 * cs + 2 * BYTES, ORDER);
        c23.intoMemorySegment(c, cAt + 2 * cs + 3 * BYTES, ORDER);
        c30.intoMemorySegment(c, cAt + 3 * cs, ORDER);
        c31.intoMemorySegment(c, cAt + 3 * cs + BYTES, ORDER);
        c32.intoMemorySegment(c, cAt + 3 * cs + 2 * BYTES, ORDER);
        c33.intoMemorySegment(c, cAt + 3 * cs + 3 * BYTES, ORDER);
    }

    private static void tile2x4(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F),
                c02 = FloatVector.zero(F), c03 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F),
                c12 = FloatVector.zero(F), c13 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(F, b, bAt + 2 * BYTES, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(F, b, bAt + 3 * BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c02.intoMemorySegment(c, cAt + 2 * BYTES, ORDER);
        c03.intoMemorySegment(c, cAt + 3 * BYTES, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c11.intoMemorySegment(c, cAt + cs + BYTES, ORDER);
        c12.intoMemorySegment(c, cAt + cs + 2 * BYTES, ORDER);
        c13.intoMemorySegment(c, cAt + cs + 3 * BYTES, ORDER);
    }

    private static void tile1x4(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F),
                c02 = FloatVector.zero(F), c03 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(F, b, bAt + 2 * BYTES, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(F, b, bAt + 3 * BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c02.intoMemorySegment(c, cAt + 2 * BYTES, ORDER);
        c03.intoMemorySegment(c, cAt + 3 * BYTES, ORDER);
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
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 2 * as));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 3 * as));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 4 * as));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 5 * as));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c11.intoMemorySegment(c, cAt + cs + BYTES, ORDER);
        c20.intoMemorySegment(c, cAt + 2 * cs, ORDER);
        c21.intoMemorySegment(c, cAt + 2 * cs + BYTES, ORDER);
        c30.intoMemorySegment(c, cAt + 3 * cs, ORDER);
        c31.intoMemorySegment(c, cAt + 3 * cs + BYTES, ORDER);
        c40.intoMemorySegment(c, cAt + 4 * cs, ORDER);
        c41.intoMemorySegment(c, cAt + 4 * cs + BYTES, ORDER);
        c50.intoMemorySegment(c, cAt + 5 * cs, ORDER);
        c51.intoMemorySegment(c, cAt + 5 * cs + BYTES, ORDER);
    }

    private static void tile4x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F);
        FloatVector c20 = FloatVector.zero(F), c21 = FloatVector.zero(F);
        FloatVector c30 = FloatVector.zero(F), c31 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 2 * as));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 3 * as));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c11.intoMemorySegment(c, cAt + cs + BYTES, ORDER);
        c20.intoMemorySegment(c, cAt + 2 * cs, ORDER);
        c21.intoMemorySegment(c, cAt + 2 * cs + BYTES, ORDER);
        c30.intoMemorySegment(c, cAt + 3 * cs, ORDER);
        c31.intoMemorySegment(c, cAt + 3 * cs + BYTES, ORDER);
    }

    private static void tile2x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F), c11 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c11.intoMemorySegment(c, cAt + cs + BYTES, ORDER);
    }

    private static void tile1x2(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F), c01 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c01.intoMemorySegment(c, cAt + BYTES, ORDER);
    }

    private static void tile6x1(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c10 = FloatVector.zero(F);
        FloatVector c20 = FloatVector.zero(F);
        FloatVector c30 = FloatVector.zero(F);
        FloatVector c40 = FloatVector.zero(F);
        FloatVector c50 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + as));
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 2 * as));
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 3 * as));
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 4 * as));
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt + 5 * as));
            c50 = a5.fma(b0, c50);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
        c10.intoMemorySegment(c, cAt + cs, ORDER);
        c20.intoMemorySegment(c, cAt + 2 * cs, ORDER);
        c30.intoMemorySegment(c, cAt + 3 * cs, ORDER);
        c40.intoMemorySegment(c, cAt + 4 * cs, ORDER);
        c50.intoMemorySegment(c, cAt + 5 * cs, ORDER);
    }

    private static void tile1x1(int inner, MemorySegment a, long aAt, long as, MemorySegment b, long bAt, long bs,
            MemorySegment c, long cAt, long cs) {
        FloatVector c00 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++, aAt += Float.BYTES, bAt += bs) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt, ORDER);
            FloatVector a0 = FloatVector.broadcast(F, a.get(Matrix.ELEMENT, aAt));
            c00 = a0.fma(b0, c00);
        }
        c00.intoMemorySegment(c, cAt, ORDER);
    }
}
