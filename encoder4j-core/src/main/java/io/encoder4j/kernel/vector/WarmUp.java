// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.PANEL;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Runs the vector loops on a little memory in a background thread until the JIT has compiled them, so that nobody has to
/// wait for them interpreted. Seen from outside nothing happens: the plain kernels work meanwhile, with the same bits.
final class WarmUp {

    /// System property; `false` runs vector code from the start, compiled or not, as tests of it must.
    static final String PROPERTY = "encoder4j.warmUp";

    /// Long enough for a loop, short enough that an interpreted one ends.
    private static final int INNER = 16;
    /// Nanoseconds of one fused multiply-add of a vector that only compiled code keeps to.
    private static final double COMPILED_NANOS = 3;
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private static volatile boolean done = !Boolean.parseBoolean(System.getProperty(PROPERTY, "true"));

    private WarmUp() { }

    static {
        if (!done) {
            Thread.ofPlatform().daemon().name("encoder4j-warm-up").start(WarmUp::run);
        }
    }

    /// Whether the vector loops are compiled; starts the thread when first asked.
    static boolean done() {
        return done;
    }

    private static void run() {
        long start = System.nanoTime();
        try {
            MemorySegment memory = Arena.ofAuto().allocate(1 << 16, Matrix.ALIGNMENT);
            long panel = (long) PANEL * Float.BYTES;
            int[][] tiles = {{6, 4}, {6, 2}, {1, 4}, {4, 4}, {2, 4}, {1, 2}, {4, 2}, {2, 2}, {6, 1}, {1, 1}};
            for (int[] tile : tiles) {
                int vectors = Math.min(tile[1], Species.PANEL_VECTORS);
                until(start, tile[0] * vectors * INNER, () -> VectorGemm.multiply(tile[0], vectors, INNER, memory, 0,
                        INNER * Float.BYTES, memory, 1 << 12, panel, memory, 1 << 14, panel));
            }
            until(start, 40 * 4, () -> VectorElementwise.activateRow(StandardActivation.GELU, memory, 0, memory, 1 << 14,
                    4 * Species.LANES));
            Matrix rows = new Matrix(memory, 0, 4, 4 * Species.LANES, 4 * Species.LANES);
            Matrix others = new Matrix(memory, 1 << 12, 4, 4 * Species.LANES, 4 * Species.LANES);
            float[] weight = new float[4 * Species.LANES];
            until(start, 40 * 16, () -> VectorElementwise.layerNorm(rows, weight, weight, 1, others));
            until(start, 4 * 16, () -> VectorElementwise.add(rows, rows, others));
            until(start, 4 * 16, () -> VectorElementwise.addBias(weight, 0, memory, 0, 4 * Species.LANES));
            until(start, 40 * 4, () -> VectorAttention.softmaxRow(memory, 0, 4 * Species.LANES));
            until(start, 40, () -> VectorMath.sum(FloatVector.zero(Species.F)));
        } finally {
            done = true;
        }
    }

    /// Repeats a loop of that many vector operations until its fastest time of late is that of compiled code.
    private static void until(long start, int operations, Runnable loop) {
        int fast = 0;
        while (fast < 20 && System.nanoTime() - start < LIMIT_NANOS) {
            long before = System.nanoTime();
            for (int i = 0; i < 8; i++) {
                loop.run();
            }
            double nanos = (System.nanoTime() - before) / (8.0 * operations);
            fast = nanos < COMPILED_NANOS ? fast + 1 : 0;
        }
    }
}
