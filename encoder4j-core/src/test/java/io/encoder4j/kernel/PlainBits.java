// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.OpCases.Attending;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The plain kernels stand in for others, while these are cold or at sizes they have no code for: they must have their bits.
public abstract class PlainBits {

    private final Kernels vector;
    private final Kernels plain;
    private final Workers workers = Workers.single();

    protected PlainBits(Kernels vector, int lanes) {
        this.vector = vector;
        plain = new PlainKernels(lanes);
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void productsHaveTheSameBits(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = OpCases.random(random, size.out(), size.in());
        Arena arena = Arena.ofAuto();
        float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
        Matrix expected = Matrix.allocate(arena, size.rows(), size.out());
        Matrix actual = Matrix.allocate(arena, size.rows(), size.out());
        vector.linear(x, vector.pack(arena, weight, bias), StandardActivation.GELU, expected, workers);
        if (vector.pack(arena, weight, bias) instanceof Panels packed) {
            // Packed by the other, which it stands in for.
            plain.linear(x, packed, StandardActivation.GELU, actual, workers);
            assertSameBits(actual, expected);
        }
        plain.linear(x, plain.pack(arena, weight, bias), StandardActivation.GELU, actual, workers);
        assertSameBits(actual, expected);
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#attentions")
    void attentionHasTheSameBits(Attending size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Sequences sequences = Sequences.ofLengths(size.lengths().stream().mapToInt(i -> i).toArray());
        int width = size.heads() * size.headSize();
        Matrix q = OpCases.random(random, sequences.tokens(), width);
        Matrix k = OpCases.random(random, sequences.tokens(), width);
        Matrix v = OpCases.random(random, sequences.tokens(), width);
        Matrix expected = Matrix.allocate(Arena.ofAuto(), sequences.tokens(), width);
        Matrix actual = Matrix.allocate(Arena.ofAuto(), sequences.tokens(), width);
        vector.attention(q, k, v, size.heads(), 0.3f, sequences, AttentionBias.NONE, expected, workers);
        plain.attention(q, k, v, size.heads(), 0.3f, sequences, AttentionBias.NONE, actual, workers);
        assertSameBits(actual, expected);
    }

    @Test
    void attentionWithABiasHasTheSameBits() {
        SplittableRandom random = new SplittableRandom(11);
        Sequences sequences = Sequences.equal(2, 37);
        Matrix q = OpCases.random(random, 74, 30);
        Matrix v = OpCases.random(random, 74, 30);
        float[] values = OpCases.vector(random, 37 * 37);
        for (int i = 0; i < values.length; i += 5) {
            values[i] = Float.NEGATIVE_INFINITY;
        }
        AttentionBias bias = new AttentionBias.Dense(values, 37, false, false, 1);
        Matrix expected = Matrix.allocate(Arena.ofAuto(), 74, 30);
        Matrix actual = Matrix.allocate(Arena.ofAuto(), 74, 30);
        vector.attention(q, q, v, 3, 0.3f, sequences, bias, expected, workers);
        plain.attention(q, q, v, 3, 0.3f, sequences, bias, actual, workers);
        assertSameBits(actual, expected);
    }

    @Test
    void attentionWithAnyBiasAndGroupedHeadsHasTheSameBits() {
        SplittableRandom random = new SplittableRandom(12);
        Sequences sequences = OpCases.uneven();
        for (int keyHeads : new int[] {1, 3}) {
            Matrix q = OpCases.random(random, sequences.tokens(), 3 * 16);
            Matrix k = OpCases.random(random, sequences.tokens(), keyHeads * 16);
            for (AttentionBias bias : OpCases.biases(random, 37, 3, 16)) {
                Matrix expected = Matrix.allocate(Arena.ofAuto(), sequences.tokens(), 48);
                Matrix actual = Matrix.allocate(Arena.ofAuto(), sequences.tokens(), 48);
                vector.attention(q, k, k, 3, 0.3f, sequences, bias, expected, workers);
                plain.attention(q, k, k, 3, 0.3f, sequences, bias, actual, workers);
                assertSameBits(actual, expected);
            }
        }
    }

    /// Keys outside the window are not computed; the bits are those of computing them and forbidding them.
    @Test
    void aWindowHasTheBitsOfAMaskAndAlsoTogetherWithAnotherBias() {
        SplittableRandom random = new SplittableRandom(14);
        int length = 150;
        Matrix x = OpCases.random(random, 2 * length, 3 * 16);
        AttentionBias near = new AttentionBias.ByDistance("", OpCases.vector(random, 3 * 7), 3);
        for (int reach : new int[] {0, 1, 16, 40, 149, 400}) {
            float[] values = new float[length * length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.abs(i / length - i % length) > reach ? Float.NEGATIVE_INFINITY : 0;
            }
            AttentionBias mask = new AttentionBias.Dense(values, length, false, false, 1);
            AttentionBias window = new AttentionBias.Window(reach);
            for (Kernels kernels : new Kernels[] {vector, plain}) {
                assertSameBits(attend(kernels, x, length, window), attend(kernels, x, length, mask));
                assertSameBits(attend(kernels, x, length, new AttentionBias.Sum(near, window)),
                        attend(kernels, x, length, new AttentionBias.Sum(near, mask)));
            }
            assertSameBits(attend(vector, x, length, window), attend(plain, x, length, window));
        }
    }

    /// Keys that cannot be seen are not computed either; the bits are those of a mask, also together with another bias.
    @Test
    void visibleKeysHaveTheBitsOfAMask() {
        SplittableRandom random = new SplittableRandom(16);
        int length = 150;
        Matrix x = OpCases.random(random, 2 * length, 3 * 16);
        AttentionBias near = new AttentionBias.ByDistance("", OpCases.vector(random, 3 * 7), 3);
        AttentionBias window = new AttentionBias.Window(20);
        for (int count : new int[] {0, 1, 15, 16, 17, 100, 150, 400}) {
            int[] counts = {count, 70};
            float[] values = new float[2 * length * length];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % length < counts[i / length / length] ? 0 : Float.NEGATIVE_INFINITY;
            }
            AttentionBias mask = new AttentionBias.Dense(values, length, true, false, 1);
            AttentionBias visible = new AttentionBias.VisibleKeys(counts);
            for (Kernels kernels : new Kernels[] {vector, plain}) {
                assertSameBits(attend(kernels, x, length, visible), attend(kernels, x, length, mask));
                for (AttentionBias other : new AttentionBias[] {near, window}) {
                    assertSameBits(attend(kernels, x, length, new AttentionBias.Sum(other, visible)),
                            attend(kernels, x, length, new AttentionBias.Sum(other, mask)));
                }
            }
            assertSameBits(attend(vector, x, length, visible), attend(plain, x, length, visible));
        }
    }

    private Matrix attend(Kernels kernels, Matrix x, int length, AttentionBias bias) {
        Matrix out = Matrix.allocate(Arena.ofAuto(), x.rows(), x.cols());
        kernels.attention(x, x, x, 3, 0.3f, Sequences.equal(2, length), bias, out, workers);
        return out;
    }

    @Test
    void rotationsHaveTheSameBits() {
        SplittableRandom random = new SplittableRandom(14);
        for (int[] size : new int[][] {{32, 64}, {16, 48}, {5, 12}}) {
            for (boolean interleaved : new boolean[] {false, true}) {
                Matrix x = OpCases.random(random, 131, 3 * size[1]);
                var rotation = OpCases.rotation(random, 131, size[0], interleaved);
                Matrix expected = Matrix.allocate(Arena.ofAuto(), 131, 3 * size[1]);
                Matrix actual = Matrix.allocate(Arena.ofAuto(), 131, 3 * size[1]);
                vector.rotate(x, rotation, size[1], expected);
                plain.rotate(x, rotation, size[1], actual);
                assertSameBits(actual, expected);
                vector.rotate(x, rotation, size[1], x);
                assertSameBits(x, expected);
            }
        }
    }

    @Test
    void normsSumsAndActivationsHaveTheSameBits() {
        SplittableRandom random = new SplittableRandom(13);
        for (int cols : new int[] {1, 5, 16, 31, 100, 384}) {
            Matrix x = OpCases.random(random, 7, cols);
            Matrix expected = Matrix.allocate(Arena.ofAuto(), 7, cols);
            Matrix actual = Matrix.allocate(Arena.ofAuto(), 7, cols);
            float[] weight = OpCases.vector(random, cols);
            vector.layerNorm(x, weight, weight, 1e-5f, expected);
            plain.layerNorm(x, weight, weight, 1e-5f, actual);
            assertSameBits(actual, expected);
            for (int part = 0; part < 3; part++) {
                vector.layerNorm(x, part == 0 ? weight : null, part == 1 ? weight : null, 1e-5f, expected);
                plain.layerNorm(x, part == 0 ? weight : null, part == 1 ? weight : null, 1e-5f, actual);
                assertSameBits(actual, expected);
            }
            vector.rmsNorm(x, weight, 1e-5f, expected);
            plain.rmsNorm(x, weight, 1e-5f, actual);
            assertSameBits(actual, expected);
            vector.add(x, x, expected);
            plain.add(x, x, actual);
            assertSameBits(actual, expected);
            vector.multiply(x, x, expected);
            plain.multiply(x, x, actual);
            assertSameBits(actual, expected);
            vector.gather(x, new int[] {1, -1, 6, 0, 0, -1, 2}, expected);
            plain.gather(x, new int[] {1, -1, 6, 0, 0, -1, 2}, actual);
            assertSameBits(actual, expected);
            for (StandardActivation activation : StandardActivation.values()) {
                vector.activation(activation, x, expected);
                plain.activation(activation, x, actual);
                assertSameBits(actual, expected);
            }
        }
    }

    /// Scaling and shifting have the bits of multiplying and adding a matrix that repeats the row.
    @Test
    void scalesAndShiftsHaveTheBitsOfRepeatedRows() {
        SplittableRandom random = new SplittableRandom(15);
        for (int cols : new int[] {1, 5, 16, 31, 100, 384}) {
            Matrix x = OpCases.random(random, 70, cols);
            float[] row = OpCases.vector(random, cols);
            Matrix repeated = Matrix.allocate(Arena.ofAuto(), 70, cols);
            plain.gather(Matrix.of(1, cols, row), new int[70], repeated);
            Matrix expected = Matrix.allocate(Arena.ofAuto(), 70, cols);
            Matrix actual = Matrix.allocate(Arena.ofAuto(), 70, cols);
            for (Kernels kernels : new Kernels[] {vector, plain}) {
                kernels.multiply(x, repeated, expected);
                kernels.scale(x, row, actual);
                assertSameBits(actual, expected);
                kernels.add(x, repeated, expected);
                kernels.shift(x, row, actual);
                assertSameBits(actual, expected);
            }
            vector.shift(x, row, x);
            assertSameBits(x, expected);
        }
    }

    // Not containsExactly, which is slow on millions of values: only where they differ.
    private static void assertSameBits(Matrix actual, Matrix expected) {
        float[] a = actual.toArray();
        float[] b = expected.toArray();
        assertThat(Arrays.mismatch(a, b)).as(() -> "first value that differs; " + Arrays.toString(Arrays.copyOf(a, 8))
                + "…, expected " + Arrays.toString(Arrays.copyOf(b, 8)) + "…").isEqualTo(-1);
    }
}
