// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 5. Vectors by hand, with the Vector API: nothing is left to what the JIT understands, the multiplication and the addition are one
/// fused instruction, which it may not make by itself since that rounds once and not twice, and a panel is one run of memory.
/// By itself this buys little over the rung before, for the sums still go through memory at every step: a load, a fused
/// multiply-add and a store for one load of B. What it buys is a say in what stays in registers, which is the next rung.
final class VectorLanes implements Rung {

    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = 16 * F.length();

    @Override
    public String name() {
        return "vector lanes, fused";
    }

    @Override
    public Runnable prepare(Operands o) {
        float[] panels = o.panels(WIDTH);
        return () -> multiply(o, panels, new float[WIDTH]);
    }

    private static void multiply(Operands o, float[] panels, float[] sums) {
        for (int j = 0; j < o.cols(); j += WIDTH) {
            int width = Math.min(WIDTH, o.cols() - j);
            for (int i = 0; i < o.rows(); i++) {
                row(o.a(), i * o.inner(), o.inner(), panels, j * o.inner(), width, sums);
                System.arraycopy(sums, 0, o.c(), i * o.cols() + j, width);
            }
        }
    }

    private static void row(float[] a, int aFrom, int inner, float[] panels, int panel, int width, float[] sums) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < inner; k++) {
            FloatVector value = FloatVector.broadcast(F, a[aFrom + k]);
            int from = panel + k * width;
            for (int j = 0; j < width; j += F.length()) {
                value.fma(FloatVector.fromArray(F, panels, from + j), FloatVector.fromArray(F, sums, j)).intoArray(sums, j);
            }
        }
    }
}
