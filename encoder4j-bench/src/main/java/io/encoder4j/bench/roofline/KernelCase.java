// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.roofline;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScalarKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/// One kernel and its operands.
///
/// @param name      the kernel's name and shape
/// @param unit      what work is counted in
/// @param work      the work of one run: operations, bytes or exponentials
/// @param isProduct whether the model's precision matters
/// @param run       runs it once
record KernelCase(String name, Unit unit, double work, boolean isProduct, Runnable run) {

    private static final int HIDDEN = 384;
    private static final int INTERMEDIATE = 1536;
    private static final int HEADS = 12;
    private static final int TOKENS = 4096;

    /// Bytes read by an operation on one intermediate matrix.
    static final long ELEMENTWISE_BYTES = (long) TOKENS * INTERMEDIATE * Float.BYTES;

    /// The unit of work.
    enum Unit {
        FLOPS("GFLOP/s"), BYTES("GB/s"), EXPONENTIALS("Gexp/s");

        final String text;

        Unit(String text) {
            this.text = text;
        }

        OptionalDouble peak(Peaks peaks, String precision) {
            return switch (this) {
                case FLOPS -> peaks.of(precision);
                case BYTES -> OptionalDouble.of(peaks.copy());
                case EXPONENTIALS -> OptionalDouble.empty();
            };
        }
    }

    /// `[tokens, in] → [tokens, out]` through [Kernels#linear], first compared with the definition.
    static KernelCase product(Kernels kernels, String precision, Arena arena, Workers workers, int tokens, int in, int out) {
        Matrix x = random(arena, tokens, in);
        Matrix weight = random(arena, out, in);
        float[] bias = new float[out];
        PackedWeight packed = kernels.pack(arena, weight, bias);
        Matrix y = Matrix.allocate(arena, tokens, out);
        kernels.linear(x, packed, StandardActivation.LINEAR, y, workers);
        Kernels definition = new ScalarKernels();
        Matrix expected = Matrix.allocate(arena, 1, out);
        definition.linear(x.rows(tokens - 1, tokens), definition.pack(arena, weight, bias), StandardActivation.LINEAR, expected,
                workers);
        // Terms below 1 in size; bfloat16 and int8 keep eight bits of each.
        double tolerance = !Precision.of(precision).isFloat32Grade() ? 0.01 * Math.sqrt(in) : 1e-5 * Math.sqrt(in);
        for (int col = 0; col < out; col++) {
            if (!(Math.abs(expected.get(0, col) - y.get(tokens - 1, col)) <= tolerance)) {
                throw new IllegalStateException(kernels.name() + " disagrees with the definition of linear: "
                        + y.get(tokens - 1, col) + ", expected " + expected.get(0, col));
            }
        }
        return new KernelCase("linear " + tokens + "×" + in + "×" + out, Unit.FLOPS, 2.0 * tokens * in * out, true,
                () -> kernels.linear(x, packed, StandardActivation.LINEAR, y, workers));
    }

    /// Two products of length × length × head size for each head of each sequence; the softmax between them is not counted.
    static KernelCase attention(Kernels kernels, Arena arena, Workers workers, int sequences, int length) {
        return new KernelCase("attention " + sequences + "×" + length, Unit.FLOPS, 4.0 * sequences * length * length * HIDDEN,
                false, attend(kernels, arena, workers, sequences, length, HIDDEN));
    }

    private static Runnable attend(Kernels kernels, Arena arena, Workers workers, int sequences, int length, int width) {
        Matrix q = random(arena, sequences * length, width);
        Matrix k = random(arena, sequences * length, width);
        Matrix v = random(arena, sequences * length, width);
        Matrix out = Matrix.allocate(arena, sequences * length, width);
        Sequences rows = Sequences.equal(sequences, length);
        float scale = (float) (1 / Math.sqrt((double) width / HEADS));
        return () -> kernels.attention(q, k, v, HEADS, scale, rows, AttentionBias.NONE, out, workers);
    }

    /// Operations that use one thread. There is no operation for the softmax alone. It is measured in an attention whose heads have
    /// one column, so that the products around it cost almost nothing.
    static List<KernelCase> alone(Kernels kernels, Arena arena, Workers workers) {
        Matrix wide = random(arena, TOKENS, INTERMEDIATE);
        Matrix wideOut = Matrix.allocate(arena, TOKENS, INTERMEDIATE);
        Matrix x = random(arena, TOKENS, HIDDEN);
        Matrix out = Matrix.allocate(arena, TOKENS, HIDDEN);
        float[] ones = new float[HIDDEN];
        Arrays.fill(ones, 1);
        float[] zeros = new float[HIDDEN];
        return List.of(
                new KernelCase("softmax of 128 (in attention)", Unit.EXPONENTIALS, 32.0 * 128 * 128 * HEADS, false,
                        attend(kernels, arena, workers, 32, 128, HEADS)),
                new KernelCase("GELU " + TOKENS + "×" + INTERMEDIATE, Unit.BYTES, 2.0 * ELEMENTWISE_BYTES, false,
                        () -> kernels.activation(StandardActivation.GELU, wide, wideOut)),
                new KernelCase("layer norm " + TOKENS + "×" + HIDDEN, Unit.BYTES, 2.0 * TOKENS * HIDDEN * Float.BYTES, false,
                        () -> kernels.layerNorm(x, ones, zeros, 1e-12f, out)));
    }

    private static Matrix random(Arena arena, int rows, int cols) {
        SplittableRandom random = new SplittableRandom(rows * 31L + cols);
        Matrix matrix = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                matrix.set(row, col, (float) random.nextDouble(-1, 1));
            }
        }
        return matrix;
    }
}
