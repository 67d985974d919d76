// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.OpCases;
import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whole products and attention for AArch64 in an emulator: they have the bits of the plain kernels, at all sizes and with all biases
/// that other kernels are tried with. Only the largest product is left out, which would take an emulator long.
class EmulatedBitsTest {

    private static final int LANES = 4;
    private static final long MOST = 50_000_000;

    private static Emulator emulator;
    private static Kernels kernels;

    private final Kernels plain = new PlainKernels(LANES);
    private final Workers workers = Workers.single();

    @BeforeAll
    static void start() {
        emulator = Emulator.start();
        kernels = new Arm64Kernels(new Arm64Routines(emulator::load));
    }

    @AfterAll
    static void stop() {
        if (emulator != null) {
            emulator.close();
        }
    }

    @Test
    void products() {
        StandardActivation[] activations = StandardActivation.values();
        int tried = 0;
        for (OpCases.Product size : OpCases.products()) {
            if ((long) size.rows() * size.in() * size.out() > MOST) {
                continue;
            }
            SplittableRandom random = new SplittableRandom(size.hashCode());
            Matrix x = OpCases.random(random, size.rows(), size.in());
            Matrix weight = OpCases.random(random, size.out(), size.in());
            float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
            // Most models have GELU, and it is the longest.
            StandardActivation activation = tried++ % 2 == 0 ? StandardActivation.GELU : activations[tried % activations.length];
            assertSameBits(linear(kernels, x, weight, bias, activation), linear(plain, x, weight, bias, activation), size);
        }
        assertThat(tried).isGreaterThan(250);
    }

    private Matrix linear(Kernels by, Matrix x, Matrix weight, float[] bias, StandardActivation activation) {
        Arena arena = Arena.ofAuto();
        Matrix out = Matrix.allocate(arena, x.rows(), weight.rows());
        by.linear(x, by.pack(arena, weight, bias), activation, out, workers);
        return out;
    }

    @Test
    void attention() {
        for (OpCases.Attending size : OpCases.attentions()) {
            SplittableRandom random = new SplittableRandom(size.hashCode());
            Sequences sequences = Sequences.ofLengths(size.lengths().stream().mapToInt(i -> i).toArray());
            int width = size.heads() * size.headSize();
            Matrix q = OpCases.random(random, sequences.tokens(), width);
            Matrix k = OpCases.random(random, sequences.tokens(), width);
            Matrix v = OpCases.random(random, sequences.tokens(), width);
            assertSameBits(attend(kernels, q, k, v, size.heads(), sequences, AttentionBias.NONE),
                    attend(plain, q, k, v, size.heads(), sequences, AttentionBias.NONE), size);
        }
    }

    @Test
    void attentionWithAnyBiasAndGroupedHeads() {
        SplittableRandom random = new SplittableRandom(12);
        Sequences sequences = OpCases.uneven();
        List<AttentionBias> biases = OpCases.biases(random, 37, 3, 16);
        for (int i = 0; i < biases.size(); i++) {
            int keyHeads = i % 2 == 0 ? 3 : 1;
            Matrix q = OpCases.random(random, sequences.tokens(), 3 * 16);
            Matrix k = OpCases.random(random, sequences.tokens(), keyHeads * 16);
            assertSameBits(attend(kernels, q, k, k, 3, sequences, biases.get(i)), attend(plain, q, k, k, 3, sequences, biases.get(i)),
                    biases.get(i));
        }
    }

    private Matrix attend(Kernels by, Matrix q, Matrix k, Matrix v, int heads, Sequences sequences, AttentionBias bias) {
        Matrix out = Matrix.allocate(Arena.ofAuto(), q.rows(), q.cols());
        by.attention(q, k, v, heads, 0.3f, sequences, bias, out, workers);
        return out;
    }

    private static void assertSameBits(Matrix actual, Matrix expected, Object what) {
        assertThat(actual.toArray()).as("%s", what).containsExactly(expected.toArray());
    }
}
