// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import java.util.Arrays;

/// 4. B laid out as panels of [#WIDTH] columns. Each row of a panel is an array. The sums of a row's panel are a few cache lines,
/// which stay in the first-level cache for the whole inner dimension. In the inner loop, every array is indexed by the loop's
/// variable alone. The JIT recognises this and makes vector instructions.
final class PackedPanels implements Rung {

    private static final int WIDTH = 512;

    @Override
    public String name() {
        return "packed panels";
    }

    @Override
    public Runnable prepare(Operands o) {
        float[][][] panels = new float[(o.cols() + WIDTH - 1) / WIDTH][o.inner()][];
        for (int p = 0; p < panels.length; p++) {
            for (int k = 0; k < o.inner(); k++) {
                int from = k * o.cols() + p * WIDTH;
                panels[p][k] = Arrays.copyOfRange(o.b(), from, from + Math.min(WIDTH, o.cols() - p * WIDTH));
            }
        }
        return () -> multiply(o, panels);
    }

    private static void multiply(Operands o, float[][][] panels) {
        float[] sums = new float[WIDTH];
        for (int p = 0; p < panels.length; p++) {
            int width = panels[p][0].length;
            for (int i = 0; i < o.rows(); i++) {
                Arrays.fill(sums, 0);
                for (int k = 0; k < o.inner(); k++) {
                    add(width, o.a()[i * o.inner() + k], panels[p][k], sums);
                }
                System.arraycopy(sums, 0, o.c(), i * o.cols() + p * WIDTH, width);
            }
        }
    }

    private static void add(int width, float value, float[] row, float[] sums) {
        for (int j = 0; j < width; j++) {
            sums[j] += value * row[j];
        }
    }
}
