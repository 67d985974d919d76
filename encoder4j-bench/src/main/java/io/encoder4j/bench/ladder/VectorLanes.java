// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 5. Vectors by hand, with the Vector API. Now it does not depend on what the JIT recognises. Multiplication and addition are one
/// fused instruction; the JIT must not fuse them by itself, because a fused one rounds once and not twice. A panel is one block of
/// memory. Alone this gains little over the rung before, since the sums still go through memory at every step: two loads, a fused
/// multiply-add and a store. But now we decide what stays in registers, which is the next rung.
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
