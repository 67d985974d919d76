// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import java.util.Arrays;

/// 2. The same loops in the order i, k, j. Now the inner loop runs along rows of B and C. It uses whole cache lines, and the sums
/// of a row do not wait for each other. It still computes one value at a time: the JIT makes no vector instructions of this loop,
/// because a store to C might change B.
final class LoopOrder implements Rung {

    @Override
    public String name() {
        return "loop order i, k, j";
    }

    @Override
    public Runnable prepare(Operands o) {
        return () -> multiply(o.a(), o.b(), o.c(), o.rows(), o.inner(), o.cols());
    }

    private static void multiply(float[] a, float[] b, float[] c, int rows, int inner, int cols) {
        Arrays.fill(c, 0);
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < inner; k++) {
                float value = a[i * inner + k];
                int from = k * cols;
                int to = i * cols;
                for (int j = 0; j < cols; j++) {
                    c[to + j] += value * b[from + j];
                }
            }
        }
    }
}
