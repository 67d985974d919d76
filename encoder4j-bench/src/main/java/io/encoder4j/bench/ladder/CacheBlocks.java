// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import java.util.Arrays;

/// 3. B in blocks of [#WIDTH] columns and [#DEPTH] rows, 96 KiB each. A block is read from memory once. Then it stays in the core's
/// second-level cache for all rows of A. Before, every row of A read all of B.
final class CacheBlocks implements Rung {

    private static final int WIDTH = 192;
    private static final int DEPTH = 128;

    @Override
    public String name() {
        return "blocks for the cache";
    }

    @Override
    public Runnable prepare(Operands o) {
        return () -> multiply(o);
    }

    private static void multiply(Operands o) {
        Arrays.fill(o.c(), 0);
        for (int j = 0; j < o.cols(); j += WIDTH) {
            for (int k = 0; k < o.inner(); k += DEPTH) {
                block(o.a(), o.b(), o.c(), o.rows(), o.inner(), o.cols(), k, Math.min(k + DEPTH, o.inner()), j,
                        Math.min(j + WIDTH, o.cols()));
            }
        }
    }

    private static void block(float[] a, float[] b, float[] c, int rows, int inner, int cols, int fromK, int toK, int fromJ,
            int toJ) {
        for (int i = 0; i < rows; i++) {
            int to = i * cols;
            for (int k = fromK; k < toK; k++) {
                float value = a[i * inner + k];
                int from = k * cols;
                for (int j = fromJ; j < toJ; j++) {
                    c[to + j] += value * b[from + j];
                }
            }
        }
    }
}
