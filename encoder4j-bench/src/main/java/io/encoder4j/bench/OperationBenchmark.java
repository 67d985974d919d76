// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Single operations at the sizes of all-MiniLM-L6-v2 on one thread. Results are compared with the definition once.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class OperationBenchmark {

    private static final int HIDDEN = 384;
    private static final int INTERMEDIATE = 1536;
    private static final int HEADS = 12;

    @Param({"16", "128", "512"})
    private int tokens;

    private final Workers workers = Workers.single();
    private final Arena arena = Arena.ofShared();
    private Kernels kernels;
    private Matrix x;
    private Matrix wide;
    private Matrix out;
    private Matrix outWide;
    private PackedWeight up;
    private PackedWeight down;
    private Sequences sequence;

    /// For JMH.
    public OperationBenchmark() { }

    /// Makes the operands and checks one result.
    @Setup
    public void setUp() {
        kernels = KernelChoice.choose();
        x = random(tokens, HIDDEN);
        wide = random(tokens, INTERMEDIATE);
        out = Matrix.allocate(arena, tokens, HIDDEN);
        outWide = Matrix.allocate(arena, tokens, INTERMEDIATE);
        Matrix upWeight = random(INTERMEDIATE, HIDDEN);
        up = kernels.pack(arena, upWeight, new float[INTERMEDIATE]);
        down = kernels.pack(arena, random(HIDDEN, INTERMEDIATE), new float[HIDDEN]);
        sequence = Sequences.ofLengths(tokens);
        Kernels definition = new ScalarKernels();
        Matrix expected = Matrix.allocate(arena, tokens, INTERMEDIATE);
        definition.linear(x, definition.pack(arena, upWeight, null), StandardActivation.GELU, expected, workers);
        kernels.linear(x, up, StandardActivation.GELU, outWide, workers);
        if (Math.abs(expected.get(tokens - 1, 7) - outWide.get(tokens - 1, 7)) > 1e-4) {
            throw new IllegalStateException(kernels.name() + " disagrees with the definition");
        }
    }

    private Matrix random(int rows, int cols) {
        SplittableRandom random = new SplittableRandom(rows * 31L + cols);
        Matrix matrix = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                matrix.set(row, col, (float) random.nextDouble(-1, 1));
            }
        }
        return matrix;
    }

    /// Frees the operands.
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /// `[T, 384] → [T, 1536]` with GELU.
    @Benchmark
    public void linearUpGelu() {
        kernels.linear(x, up, StandardActivation.GELU, outWide, workers);
    }

    /// `[T, 1536] → [T, 384]`.
    @Benchmark
    public void linearDown() {
        kernels.linear(wide, down, StandardActivation.LINEAR, out, workers);
    }

    /// Twelve heads of 32 over one sequence.
    @Benchmark
    public void attention() {
        kernels.attention(x, x, x, HEADS, 0.1767767f, sequence, AttentionBias.NONE, out, workers);
    }

    /// `[T, 384]`.
    @Benchmark
    public void layerNorm() {
        kernels.layerNorm(x, null, null, 1e-12f, out);
    }
}
