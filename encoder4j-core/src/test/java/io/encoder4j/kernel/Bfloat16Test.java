// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// bfloat16: its rounding, its definition in the scalar kernels, and the portable kernels against that definition.
class Bfloat16Test {

    private static final float EPSILON = Math.ulp(1f);

    private final Workers workers = Workers.single();

    @Test
    void roundsToTheNearestAndOfTwoToTheEvenOne() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(x) && Math.abs(x) < 0x1.fep127f) {
                float below = Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xffff0000);
                float beyond = Float.intBitsToFloat((Float.floatToRawIntBits(x) & 0xffff0000) + 0x10000);
                int nearer = exact(x).subtract(exact(below)).abs().compareTo(exact(x).subtract(exact(beyond)).abs());
                boolean even = (Float.floatToRawIntBits(below) & 0x10000) == 0;
                assertThat(Bfloat16.round(x)).as("%s", x).isEqualTo(nearer < 0 || nearer == 0 && even ? below : beyond);
            }
        }
        assertThat(Bfloat16.round(1 + 0x1p-8f)).isEqualTo(1);
        assertThat(Bfloat16.round(1 + 0x3p-8f)).isEqualTo(1 + 0x1p-6f);
        assertThat(Float.floatToRawIntBits(Bfloat16.round(-0f))).isEqualTo(0x80000000);
        assertThat(Bfloat16.round(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Bfloat16.round(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(Bfloat16.round(Float.intBitsToFloat(0x7fffffff))).isNaN();
        assertThat(Bfloat16.round(Float.intBitsToFloat(0xff800001))).isNaN();
    }

    private static BigDecimal exact(float x) {
        return new BigDecimal(x);
    }

    @Test
    void theDefinitionRoundsBothOperandsAndNothingElse() {
        Arena arena = Arena.ofAuto();
        Kernels definition = new ScalarKernels(Precision.BFLOAT16);
        Matrix x = Matrix.of(1, 2, 1 + 0x1p-9f, 3);
        Matrix weight = Matrix.of(1, 2, 5, 1 - 0x1p-10f);
        Matrix out = Matrix.allocate(arena, 1, 1);
        float bias = 1 + 0x1p-12f;
        definition.linear(x, definition.pack(arena, weight, new float[] {bias}), StandardActivation.LINEAR, out, workers);
        assertThat(out.get(0, 0)).isEqualTo(5 + 3 + bias);
        assertThat(definition.precision()).isEqualTo("bfloat16");
        assertThat(new ScalarKernels().precision()).isEqualTo("float32");
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void portableProductsAgreeWithTheDefinition(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = OpCases.random(random, size.out(), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
        Arena arena = Arena.ofAuto();
        Kernels definition = new ScalarKernels(Precision.BFLOAT16);
        Matrix expected = Matrix.allocate(arena, size.rows(), size.out());
        definition.linear(x, definition.pack(arena, weight, bias), StandardActivation.LINEAR, expected, workers);
        for (String name : new String[] {"vector", "plain"}) {
            Kernels kernels = KernelChoice.choose(name, Precision.BFLOAT16);
            Guarded actual = Guarded.of(size.rows(), size.out());
            kernels.linear(x, kernels.pack(arena, weight, bias), StandardActivation.LINEAR, actual.inside(), workers);
            assertThat(actual.intact()).isTrue();
            for (int row = 0; row < size.rows(); row++) {
                for (int col = 0; col < size.out(); col++) {
                    double magnitude = bias == null ? 0 : Math.abs(bias[col]);
                    for (int i = 0; i < size.in(); i++) {
                        magnitude += Math.abs((double) Bfloat16.round(x.get(row, i)) * Bfloat16.round(weight.get(col, i)));
                    }
                    assertThat((double) actual.inside().get(row, col)).as("%s [%d, %d]", name, row, col)
                            .isCloseTo(expected.get(row, col), within((4 + Math.sqrt(size.in())) * EPSILON * magnitude));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "plain", "vector"})
    void everyKindOfKernelsHasBothPrecisionsAndSaysWhich(String name) {
        assertThat(KernelChoice.choose(name, Precision.BFLOAT16).precision()).isEqualTo("bfloat16");
        assertThat(KernelChoice.choose(name, Precision.BFLOAT16).name()).startsWith(name);
        assertThat(KernelChoice.choose(name, Precision.FLOAT32).precision()).isEqualTo("float32");
        assertThat(KernelChoice.choose(name, Precision.AUTO).precision()).startsWith("float32");
    }

    @Test
    void namesAreRefusedThatAreNone() {
        assertThat(Precision.of("BFloat16")).isEqualTo(Precision.BFLOAT16);
        assertThatThrownBy(() -> Precision.of("fp8")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no precision named 'fp8'; there are: auto, float32, bfloat16, int8");
    }
}
