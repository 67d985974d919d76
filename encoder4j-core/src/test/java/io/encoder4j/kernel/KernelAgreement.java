// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.OpCases.Attending;
import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels against the definition.
public abstract class KernelAgreement {

    private static final float EPSILON = Math.ulp(1f);

    private final Kernels definition = new ScalarKernels();
    private final Kernels kernels;
    private static final Workers WORKERS = Workers.of(2);

    protected KernelAgreement(Kernels kernels) {
        this.kernels = kernels;
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void productsAgreeWithinTheRoundingOfTheirSums(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = OpCases.random(random, size.out(), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
        Matrix expected = Matrix.allocate(Arena.ofAuto(), size.rows(), size.out());
        Guarded actual = Guarded.of(size.rows(), size.out());
        try (Arena arena = Arena.ofShared()) {
            definition.linear(x, definition.pack(arena, weight, bias), StandardActivation.LINEAR, expected, WORKERS);
        }
        Arena arena = Arena.ofShared();
        kernels.linear(x, kernels.pack(arena, weight, bias), StandardActivation.LINEAR, actual.inside(), WORKERS);
        arena.close();
        assertThat(actual.intact()).as("nothing outside was written").isTrue();
        for (int row = 0; row < size.rows(); row++) {
            for (int col = 0; col < size.out(); col++) {
                double magnitude = bias == null ? 0 : Math.abs(bias[col]);
                for (int i = 0; i < size.in(); i++) {
                    magnitude += Math.abs((double) x.get(row, i) * weight.get(col, i));
                }
                assertClose(row, col, actual.inside().get(row, col), expected.get(row, col),
                        (4 + Math.sqrt(size.in())) * EPSILON * magnitude);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#attentions")
    void attentionAgrees(Attending size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Sequences sequences = Sequences.ofLengths(size.lengths().stream().mapToInt(i -> i).toArray());
        int width = size.heads() * size.headSize();
        Matrix q = OpCases.random(random, sequences.tokens(), width);
        Matrix k = OpCases.random(random, sequences.tokens(), width);
        Matrix v = OpCases.random(random, sequences.tokens(), width);
        float scale = (float) (1 / Math.sqrt(size.headSize()));
        Matrix expected = Matrix.allocate(Arena.ofAuto(), sequences.tokens(), width);
        Guarded actual = Guarded.of(sequences.tokens(), width);
        definition.attention(q, k, v, size.heads(), scale, sequences, AttentionBias.NONE, expected, WORKERS);
        kernels.attention(q, k, v, size.heads(), scale, sequences, AttentionBias.NONE, actual.inside(), WORKERS);
        assertThat(actual.intact()).isTrue();
        // Probabilities sum to one, so the context is no larger than the values (8) and its error a few ulps of them.
        assertClose(actual.inside(), expected, 2e-5f);
    }

    @Test
    void aBiasForbidsAndAddsAndAQueryThatSeesNothingYieldsZeros() {
        SplittableRandom random = new SplittableRandom(3);
        int length = 21;
        int heads = 3;
        Sequences sequences = Sequences.equal(2, length);
        Matrix q = OpCases.random(random, 2 * length, 24);
        Matrix k = OpCases.random(random, 2 * length, 24);
        Matrix v = OpCases.random(random, 2 * length, 24);
        float[] values = OpCases.vector(random, 2 * heads * length * length);
        for (int i = 0; i < values.length; i += 3) {
            values[i] = Float.NEGATIVE_INFINITY;
        }
        AttentionBias.Dense bias = new AttentionBias.Dense(values, length, true, true, heads);
        Arrays.fill(values, bias.row(1, 2, 4), bias.row(1, 2, 4) + length, Float.NEGATIVE_INFINITY);
        Matrix expected = Matrix.allocate(Arena.ofAuto(), 2 * length, 24);
        Matrix actual = Matrix.allocate(Arena.ofAuto(), 2 * length, 24);
        definition.attention(q, k, v, heads, 0.4f, sequences, bias, expected, WORKERS);
        kernels.attention(q, k, v, heads, 0.4f, sequences, bias, actual, WORKERS);
        assertClose(actual, expected, 2e-5f);
        assertThat(actual.rows(length + 4, length + 5).columns(16, 24).toArray()).containsOnly(0f);
    }

    @Test
    void everyKindOfBiasAgreesAlsoWithGroupedHeads() {
        SplittableRandom random = new SplittableRandom(21);
        Sequences sequences = OpCases.uneven();
        for (int keyHeads : new int[] {1, 2, 4}) {
            Matrix q = OpCases.random(random, sequences.tokens(), 4 * 10);
            Matrix k = OpCases.random(random, sequences.tokens(), keyHeads * 10);
            Matrix v = OpCases.random(random, sequences.tokens(), keyHeads * 10);
            for (AttentionBias bias : OpCases.biases(random, 37, 4, 10)) {
                Matrix expected = Matrix.allocate(Arena.ofAuto(), sequences.tokens(), 40);
                Guarded actual = Guarded.of(sequences.tokens(), 40);
                definition.attention(q, k, v, 4, 0.3f, sequences, bias, expected, WORKERS);
                kernels.attention(q, k, v, 4, 0.3f, sequences, bias, actual.inside(), WORKERS);
                assertThat(actual.intact()).isTrue();
                assertClose(actual.inside(), expected, 2e-5f);
            }
        }
    }

    /// Rows that lie apart end before their last stride does; so does the memory of the last one.
    @Test
    void aLastSequenceMayBeEmpty() {
        SplittableRandom random = new SplittableRandom(22);
        Sequences sequences = Sequences.ofLengths(3, 0, 2, 0);
        Matrix x = OpCases.random(random, 5, 2 * 16);
        Matrix q = new Matrix(Matrix.allocate(Arena.ofAuto(), 1, 4 * 40 + 32).data(), 0, 5, 32, 40);
        q.copyFrom(x);
        for (AttentionBias bias : List.of(AttentionBias.NONE, new AttentionBias.Window(1),
                new AttentionBias.VisibleKeys(new int[] {2, 0, 1, 0}))) {
            Matrix expected = Matrix.allocate(Arena.ofAuto(), 5, 32);
            Matrix actual = new Matrix(Matrix.allocate(Arena.ofAuto(), 1, 4 * 40 + 32).data(), 0, 5, 32, 40);
            definition.attention(x, x, x, 2, 0.3f, sequences, bias, expected, WORKERS);
            kernels.attention(q, q, q, 2, 0.3f, sequences, bias, actual, WORKERS);
            assertClose(actual, expected, 2e-5f);
            definition.attention(q, q, q, 2, 0.3f, sequences, bias, actual, WORKERS);
            assertClose(actual, expected, 0);
        }
    }

    @Test
    void rotationsAgree() {
        SplittableRandom random = new SplittableRandom(23);
        for (boolean interleaved : new boolean[] {false, true}) {
            Matrix x = OpCases.random(random, 11, 3 * 10);
            Matrix expected = Matrix.allocate(Arena.ofAuto(), 11, 30);
            Guarded actual = Guarded.of(11, 30);
            // Ten features, of which the first eight turn.
            var rotation = OpCases.rotation(random, 11, 4, interleaved);
            definition.rotate(x, rotation, 10, expected);
            kernels.rotate(x, rotation, 10, actual.inside());
            assertThat(actual.intact()).isTrue();
            assertClose(actual.inside(), expected, 2e-6f);
            assertThat(actual.inside().get(3, 19)).isEqualTo(x.get(3, 19));
            kernels.rotate(x, rotation, 10, x);
            assertThat(x.toArray()).containsExactly(actual.inside().toArray());
        }
    }

    @ParameterizedTest
    @EnumSource(StandardActivation.class)
    void activationsAgree(StandardActivation activation) {
        Matrix x = Matrix.allocate(Arena.ofAuto(), 3, 1001);
        for (int col = 0; col < 1001; col++) {
            x.set(0, col, (col - 500) / 20f);
            x.set(1, col, (col - 500) / 400f);
            x.set(2, col, (float) Math.copySign(Math.pow(10, (col - 500) / 14.0), col % 2 - 0.5));
        }
        compareActivation(activation, x);
    }

    @Test
    void anyFunctionMayBeAnActivation() {
        compareActivation(x -> x * x - 1, OpCases.random(new SplittableRandom(1), 4, 37));
    }

    private void compareActivation(ActivationFunction activation, Matrix x) {
        Matrix expected = Matrix.allocate(Arena.ofAuto(), x.rows(), x.cols());
        Guarded actual = Guarded.of(x.rows(), x.cols());
        definition.activation(activation, x, expected);
        kernels.activation(activation, x, actual.inside());
        assertThat(actual.intact()).isTrue();
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                float want = expected.get(row, col);
                assertThat(actual.inside().get(row, col)).as("f(%s)", x.get(row, col))
                        .isCloseTo(want, within(4e-7f * Math.max(1, Math.abs(want))));
            }
        }
    }

    @Test
    void anActivationHasTheSameBitsByItselfAndAfterAProduct() {
        SplittableRandom random = new SplittableRandom(9);
        Matrix x = OpCases.random(random, 13, 40);
        Matrix weight = OpCases.random(random, 77, 40);
        Arena arena = Arena.ofAuto();
        var packed = kernels.pack(arena, weight, OpCases.vector(random, 77));
        for (StandardActivation activation : StandardActivation.values()) {
            Matrix fused = Matrix.allocate(arena, 13, 77);
            Matrix plain = Matrix.allocate(arena, 13, 77);
            kernels.linear(x, packed, activation, fused, WORKERS);
            kernels.linear(x, packed, StandardActivation.LINEAR, plain, WORKERS);
            kernels.activation(activation, plain, plain);
            assertThat(fused.toArray()).as(activation.name()).containsExactly(plain.toArray());
        }
    }

    @Test
    void normsSumsProductsAndGatherAgree() {
        SplittableRandom random = new SplittableRandom(5);
        for (int cols : new int[] {1, 5, 6, 16, 31, 384, 385}) {
            Matrix x = OpCases.random(random, 4, cols);
            Matrix y = OpCases.random(random, 4, cols);
            Matrix expected = Matrix.allocate(Arena.ofAuto(), 4, cols);
            Guarded actual = Guarded.of(4, cols);
            float[] weight = OpCases.vector(random, cols);
            float[] bias = random.nextBoolean() ? OpCases.vector(random, cols) : null;
            definition.layerNorm(x, weight, bias, 1e-5f, expected);
            kernels.layerNorm(x, weight, bias, 1e-5f, actual.inside());
            assertClose(actual.inside(), expected, 4e-6f);
            definition.add(x, y, expected);
            kernels.add(x, y, actual.inside());
            assertThat(actual.inside().toArray()).containsExactly(expected.toArray());
            definition.multiply(x, y, expected);
            kernels.multiply(x, y, actual.inside());
            assertThat(actual.inside().toArray()).containsExactly(expected.toArray());
            definition.scale(x, weight, expected);
            kernels.scale(x, weight, actual.inside());
            assertThat(actual.inside().toArray()).containsExactly(expected.toArray());
            definition.shift(x, weight, expected);
            kernels.shift(x, weight, actual.inside());
            assertThat(actual.inside().toArray()).containsExactly(expected.toArray());
            definition.rmsNorm(x, weight, 1e-5f, expected);
            kernels.rmsNorm(x, weight, 1e-5f, actual.inside());
            assertClose(actual.inside(), expected, 4e-6f);
            definition.gather(x, new int[] {3, -1, 0, 2}, expected);
            kernels.gather(x, new int[] {3, -1, 0, 2}, actual.inside());
            assertThat(actual.inside().toArray()).containsExactly(expected.toArray());
            assertThat(actual.intact()).isTrue();
        }
    }

    @Test
    void aNormalisedRowDoesNotCancelFarFromZero() {
        Matrix x = Matrix.allocate(Arena.ofAuto(), 1, 64);
        for (int col = 0; col < 64; col++) {
            x.set(0, col, 10_000 + col % 2);
        }
        Matrix out = Matrix.allocate(Arena.ofAuto(), 1, 64);
        kernels.layerNorm(x, null, null, 0, out);
        assertThat(out.get(0, 0)).isCloseTo(-1f, within(1e-3f));
        assertThat(out.get(0, 1)).isCloseTo(1f, within(1e-3f));
    }

    private static void assertClose(Matrix actual, Matrix expected, float tolerance) {
        for (int row = 0; row < expected.rows(); row++) {
            for (int col = 0; col < expected.cols(); col++) {
                assertClose(row, col, actual.get(row, col), expected.get(row, col), tolerance);
            }
        }
    }

    // AssertJ only where it has something to say: there are millions of values.
    private static void assertClose(int row, int col, float actual, float expected, double tolerance) {
        if (!(Math.abs(actual - expected) <= tolerance)) {
            assertThat((double) actual).as("[%d, %d]", row, col)
                    .isCloseTo(expected, org.assertj.core.data.Offset.offset(tolerance));
        }
    }

    private static org.assertj.core.data.Offset<Float> within(float f) {
        return org.assertj.core.data.Offset.offset(f);
    }
}
