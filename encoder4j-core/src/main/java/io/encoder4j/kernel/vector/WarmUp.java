// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.LANES;
import static io.encoder4j.kernel.vector.Species.PANEL;
import static io.encoder4j.kernel.vector.Species.PANEL_VECTORS;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.FloatVector;

/// Runs the vector loops on a little memory in a background thread until the JIT has compiled them, so that no caller has to
/// wait for interpreted vector code. Meanwhile the plain kernels do the work, with the same bits.
///
/// The thread starts only after some work was done by the plain kernels: a command that embeds one sentence ends before the
/// compiler would, and is faster without it.
final class WarmUp {

    /// Multiplications by the plain kernels before the thread starts: about fifty tokens of a small model.
    private static final long PATIENCE = 500_000_000L;
    /// Steps of the inner dimension: enough for a loop, and few enough that interpreted code ends soon.
    private static final int INNER = 8;
    /// Nanoseconds for one vector operation, which only compiled code can keep, and for calling the loop.
    private static final long COMPILED_NANOS = 3;
    private static final long CALL_NANOS = 200;
    private static final int FAST_IN_A_ROW = 20;
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private static final AtomicLong PLAIN_WORK = new AtomicLong();
    private static volatile boolean productsDone =
            !Boolean.parseBoolean(System.getProperty(VectorKernelProvider.WARM_UP, "true"));
    private static volatile boolean othersDone = productsDone;

    private WarmUp() { }

    /// Whether the loops of products are compiled.
    static boolean productsDone() {
        return productsDone;
    }

    /// Whether all other loops are compiled too.
    static boolean othersDone() {
        return othersDone;
    }

    /// Counts work of the plain kernels, and starts the thread once it is enough.
    static void worked(long multiplications) {
        long before = PLAIN_WORK.getAndAdd(multiplications);
        if (before < PATIENCE && before + multiplications >= PATIENCE) {
            Thread.ofPlatform().daemon().name("encoder4j-warm-up").start(WarmUp::run);
        }
    }

    private static void run() {
        long start = System.nanoTime();
        MemorySegment memory = Arena.ofAuto().allocate(1 << 16, Matrix.ALIGNMENT);
        try {
            for (int rows : new int[] {6, 1, 4, 2}) {
                product(start, memory, rows, PANEL_VECTORS);
            }
        } finally {
            productsDone = true;
        }
        try {
            for (int vectors : new int[] {2, 1}) {
                for (int rows : new int[] {6, 4, 2, 1}) {
                    product(start, memory, rows, vectors);
                }
            }
            others(start, memory);
        } finally {
            othersDone = true;
        }
    }

    private static void product(long start, MemorySegment memory, int rows, int vectors) {
        long panel = (long) PANEL * Float.BYTES;
        until(start, rows * vectors * INNER, () -> VectorGemm.multiply(rows, vectors, INNER, memory, 0,
                INNER * Float.BYTES, memory, 1 << 12, panel, memory, 1 << 14, panel));
    }

    private static void others(long start, MemorySegment memory) {
        int cols = 4 * LANES;
        Matrix rows = new Matrix(memory, 0, 4, cols, cols);
        Matrix out = new Matrix(memory, 1 << 12, 4, cols, cols);
        float[] weight = new float[cols];
        until(start, 40 * 4, () ->
                VectorActivations.activateRow(StandardActivation.GELU, memory, 0, memory, 1 << 14, cols));
        until(start, 40 * 16, () -> VectorElementwise.layerNorm(rows, weight, weight, 1, out));
        until(start, 4 * 16, () -> VectorElementwise.add(rows, rows, out));
        until(start, 4 * 16, () -> VectorElementwise.multiply(rows, rows, out));
        until(start, 4 * 16, () -> VectorElementwise.scale(rows, weight, out));
        until(start, 4 * 16, () -> VectorElementwise.shift(rows, weight, out));
        until(start, 30 * 16, () -> VectorElementwise.rmsNorm(rows, weight, 1, out));
        until(start, 40 * 4, () ->
                VectorActivations.activateRow(StandardActivation.SILU, memory, 0, memory, 1 << 14, cols));
        until(start, 4 * 16, () -> VectorElementwise.addBias(weight, 0, memory, 0, cols));
        Rotation rotation = new Rotation("", weight, weight, 2 * LANES, false, new int[4]);
        until(start, 20 * 4, () -> VectorElementwise.rotate(rows, rotation, cols, rows));
        until(start, 40 * 4, () -> VectorAttention.softmaxRow(memory, 0, cols));
        until(start, 40, () -> VectorMath.sum(FloatVector.zero(Species.F)));
    }

    /// Repeats a loop of that many vector operations until it is as fast as compiled code.
    private static void until(long start, int operations, Runnable loop) {
        int repeats = 8;
        for (int fast = 0; fast < FAST_IN_A_ROW && System.nanoTime() - start < LIMIT_NANOS;) {
            long before = System.nanoTime();
            for (int i = 0; i < repeats; i++) {
                loop.run();
            }
            long nanos = (System.nanoTime() - before) / repeats;
            fast = nanos < CALL_NANOS + COMPILED_NANOS * operations ? fast + 1 : 0;
        }
    }
}
