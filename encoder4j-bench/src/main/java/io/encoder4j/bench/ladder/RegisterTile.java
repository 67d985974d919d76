// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import static io.encoder4j.bench.ladder.RegisterRow.WIDTH;
import static io.encoder4j.bench.ladder.VectorLanes.F;

import jdk.incubator.vector.FloatVector;

/// 7. Six rows at once. Each vector of B that is loaded is used for six rows, and each value of A for four vectors. So 24 fused
/// multiply-adds need four loads and six broadcasts, and 24 chains are in flight: arithmetic is the limit now. The 24 sums and
/// their operands fit the 32 registers of AVX-512 and Arm. With sixteen registers some are spilled.
///
/// Everything is written out, the stores too. The Vector API has no array of vectors that stays in registers. A helper method would
/// not be inlined, because this method is large, and would turn every vector into an object, which is ten times slower.
final class RegisterTile implements Rung {

    private static final int LANES = F.length();
    private static final int ROWS = Operands.ROWS;

    @Override
    public String name() {
        return "registers, 6 × 4 vectors";
    }

    @Override
    public Runnable prepare(Operands o) {
        float[] panels = o.panels(WIDTH);
        return () -> multiply(o, panels, 0, o.rows());
    }

    /// Computes rows `from` to `to` of C. A panel stays in the cache for all of them.
    static void multiply(Operands o, float[] panels, int from, int to) {
        for (int j = 0; j < o.cols(); j += WIDTH) {
            for (int i = from; i < to; i += ROWS) {
                tile(o.a(), i * o.inner(), o.inner(), panels, j * o.inner(), o.c(), i * o.cols() + j, o.cols());
            }
        }
    }

    private static void tile(float[] a, int aFrom, int inner, float[] panels, int panel, float[] c, int to, int cols) {
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
        for (int k = 0; k < inner; k++) {
            int from = panel + k * WIDTH;
            int at = aFrom + k;
            FloatVector b0 = FloatVector.fromArray(F, panels, from);
            FloatVector b1 = FloatVector.fromArray(F, panels, from + LANES);
            FloatVector b2 = FloatVector.fromArray(F, panels, from + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(F, panels, from + 3 * LANES);
            FloatVector a0 = FloatVector.broadcast(F, a[at]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(F, a[at + inner]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(F, a[at + 2 * inner]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(F, a[at + 3 * inner]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
            FloatVector a4 = FloatVector.broadcast(F, a[at + 4 * inner]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            c43 = a4.fma(b3, c43);
            FloatVector a5 = FloatVector.broadcast(F, a[at + 5 * inner]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            c52 = a5.fma(b2, c52);
            c53 = a5.fma(b3, c53);
        }
        c00.intoArray(c, to);
        c01.intoArray(c, to + LANES);
        c02.intoArray(c, to + 2 * LANES);
        c03.intoArray(c, to + 3 * LANES);
        c10.intoArray(c, to + cols);
        c11.intoArray(c, to + cols + LANES);
        c12.intoArray(c, to + cols + 2 * LANES);
        c13.intoArray(c, to + cols + 3 * LANES);
        c20.intoArray(c, to + 2 * cols);
        c21.intoArray(c, to + 2 * cols + LANES);
        c22.intoArray(c, to + 2 * cols + 2 * LANES);
        c23.intoArray(c, to + 2 * cols + 3 * LANES);
        c30.intoArray(c, to + 3 * cols);
        c31.intoArray(c, to + 3 * cols + LANES);
        c32.intoArray(c, to + 3 * cols + 2 * LANES);
        c33.intoArray(c, to + 3 * cols + 3 * LANES);
        c40.intoArray(c, to + 4 * cols);
        c41.intoArray(c, to + 4 * cols + LANES);
        c42.intoArray(c, to + 4 * cols + 2 * LANES);
        c43.intoArray(c, to + 4 * cols + 3 * LANES);
        c50.intoArray(c, to + 5 * cols);
        c51.intoArray(c, to + 5 * cols + LANES);
        c52.intoArray(c, to + 5 * cols + 2 * LANES);
        c53.intoArray(c, to + 5 * cols + 3 * LANES);
    }
}
