// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.roofline;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalDouble;

/// The processor's highest rates: the best of many short runs, since other load only makes a run slower.
///
/// @param float32  GFLOP/s of fused multiply-adds; empty where the module jdk.incubator.vector is missing
/// @param bfloat16 GFLOP/s of bfloat16 products; empty where no instruction does them
/// @param int8     billions of operations a second of 8-bit products; empty where no instruction does them
/// @param copy     GB/s of a copy, bytes read and bytes written, on one thread
public record Peaks(OptionalDouble float32, OptionalDouble bfloat16, OptionalDouble int8, double copy) {

    private static final String MODULE = "jdk.incubator.vector";
    private static final int STEPS = 50_000;
    private static final int WARM_UP = 3_000;
    private static final int RUNS = 60;
    private static final int COPY_RUNS = 30;

    /// Keeps results alive, so that the loop is not compiled away.
    private static volatile float sink;

    /// Measures the peaks.
    ///
    /// @param threads how many threads run at once
    /// @param bytes   how many bytes the copy reads, and writes: as many as the operations that are compared with it
    public static Peaks measure(int threads, long bytes) {
        return new Peaks(withoutFma().isPresent() ? OptionalDouble.empty() : OptionalDouble.of(fma(threads)),
                own(threads, Precision.BFLOAT16), own(threads, Precision.INT8), copy(bytes));
    }

    /// Why the peak of fused multiply-adds cannot be measured here; empty if it can.
    public static Optional<String> withoutFma() {
        return ModuleLayer.boot().findModule(MODULE).isPresent() ? Optional.empty()
                : Optional.of("the peak is not measured: the module " + MODULE + " is not in this JVM; start java with"
                        + " --add-modules " + MODULE);
    }

    /// Why there is no peak for a precision; empty if there is one.
    public static Optional<String> missing(String precision) {
        return Precision.of(precision).isFloat32Grade() ? withoutFma()
                : Optional.of("no instruction here multiplies " + precision);
    }

    /// The better of two measurements, one before and one after something. Other load may have slowed either.
    public Peaks or(Peaks other) {
        return new Peaks(better(float32, other.float32), better(bfloat16, other.bfloat16), better(int8, other.int8),
                Math.max(copy, other.copy));
    }

    private static OptionalDouble better(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent() ? OptionalDouble.of(Math.max(a.getAsDouble(), b.getAsDouble()))
                : a.isPresent() ? a : b;
    }

    /// The peak for a precision: bfloat16's for `bfloat16`, int8's for `int8`, else float32's.
    public OptionalDouble of(String precision) {
        return switch (Precision.of(precision)) {
            case BFLOAT16 -> bfloat16;
            case INT8 -> int8;
            case AUTO, FLOAT32 -> float32;
        };
    }

    private static double fma(int threads) {
        for (int i = 0; i < WARM_UP; i++) {
            sink = FmaLoop.run(1_000, 0.5f);
        }
        return best(threads, FmaLoop.operations(STEPS), () -> sink = FmaLoop.run(STEPS, 0.5f));
    }

    /// Measured with the kernels' own loop, since the Vector API cannot multiply bfloat16 or bytes.
    private static OptionalDouble own(int threads, Precision precision) {
        return KernelChoice.choose(null, precision).peakLoop().stream()
                .mapToDouble(loop -> best(threads, loop.operations(), loop.run())).findFirst();
    }

    private static double best(int threads, long operations, Runnable loop) {
        try (Workers workers = Workers.of(threads)) {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                long start = System.nanoTime();
                workers.forEach(threads, _ -> loop.run());
                best = Math.min(best, System.nanoTime() - start);
            }
            return threads * operations / best;
        }
    }

    private static double copy(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocate(bytes, 64).fill((byte) 1);
            MemorySegment to = arena.allocate(bytes, 64);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < COPY_RUNS; i++) {
                long start = System.nanoTime();
                to.copyFrom(from);
                best = Math.min(best, System.nanoTime() - start);
            }
            return 2 * bytes / best;
        }
    }
}
