// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import static io.encoder4j.bench.ladder.VectorLanes.F;

import jdk.incubator.vector.FloatVector;

/// 6. The sums of a row's panel stay in four registers for the whole inner dimension and are stored once. Each fused multiply-add
/// now needs only one load, of B. A core can do two of each per cycle. But only four chains are in flight, and a core needs eight
/// or more to be busy.
final class RegisterRow implements Rung {

    private static final int LANES = F.length();
    /// Columns of a panel.
    static final int WIDTH = 4 * LANES;

    @Override
    public String name() {
        return "registers, 1 × 4 vectors";
    }

    @Override
    public Runnable prepare(Operands o) {
        float[] panels = o.panels(WIDTH);
        return () -> multiply(o, panels);
    }

    private static void multiply(Operands o, float[] panels) {
        for (int j = 0; j < o.cols(); j += WIDTH) {
            for (int i = 0; i < o.rows(); i++) {
                row(o.a(), i * o.inner(), o.inner(), panels, j * o.inner(), o.c(), i * o.cols() + j);
            }
        }
    }

    private static void row(float[] a, int aFrom, int inner, float[] panels, int panel, float[] c, int to) {
        FloatVector c0 = FloatVector.zero(F);
        FloatVector c1 = FloatVector.zero(F);
        FloatVector c2 = FloatVector.zero(F);
        FloatVector c3 = FloatVector.zero(F);
        for (int k = 0; k < inner; k++) {
            FloatVector value = FloatVector.broadcast(F, a[aFrom + k]);
            int from = panel + k * WIDTH;
            c0 = value.fma(FloatVector.fromArray(F, panels, from), c0);
            c1 = value.fma(FloatVector.fromArray(F, panels, from + LANES), c1);
            c2 = value.fma(FloatVector.fromArray(F, panels, from + 2 * LANES), c2);
            c3 = value.fma(FloatVector.fromArray(F, panels, from + 3 * LANES), c3);
        }
        c0.intoArray(c, to);
        c1.intoArray(c, to + LANES);
        c2.intoArray(c, to + 2 * LANES);
        c3.intoArray(c, to + 3 * LANES);
    }
}
