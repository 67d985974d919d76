// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

/// 1. The definition. Each step of the inner loop goes to another row of B. So each value of B costs a cache line, of whose sixteen
/// values one is used. And each addition waits four cycles for the one before.
final class TripleLoop implements Rung {

    @Override
    public String name() {
        return "triple loop";
    }

    @Override
    public Runnable prepare(Operands o) {
        return () -> multiply(o.a(), o.b(), o.c(), o.rows(), o.inner(), o.cols());
    }

    private static void multiply(float[] a, float[] b, float[] c, int rows, int inner, int cols) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                float sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum += a[i * inner + k] * b[k * cols + j];
                }
                c[i * cols + j] = sum;
            }
        }
    }
}
