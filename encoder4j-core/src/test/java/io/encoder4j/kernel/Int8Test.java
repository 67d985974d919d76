// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.kernel.OpCases.Guarded;
import io.encoder4j.kernel.OpCases.Product;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// int8: how numbers are quantised, the definition of a product, and the portable kernels against it.
class Int8Test {

    private static final float EPSILON = Math.ulp(1f);

    private final Workers workers = Workers.of(2);

    @Test
    void aWeightIsWithinHalfAStep() {
        SplittableRandom random = new SplittableRandom(1);
        for (int in : new int[] {1, 63, 64, 65, 200}) {
            float[] row = OpCases.vector(random, in);
            row[0] = 9;
            byte[] whole = new byte[in];
            float[] scales = new float[Int8.groups(in)];
            Int8.weight(row, whole, scales);
            assertThat((int) whole[0]).isEqualTo(127);
            assertThat(scales[0]).isEqualTo(9f / 127);
            for (int i = 0; i < in; i++) {
                double step = scales[i / 64];
                assertThat(whole[i] * step).isCloseTo(row[i], within(0.5001 * step));
                assertThat((int) whole[i]).isBetween(-127, 127);
            }
        }
    }

    @Test
    void aRowIsWithinAStepAndZeroIsExact() {
        SplittableRandom random = new SplittableRandom(2);
        for (float shift : new float[] {0, 3, -3, 1e20f, -1e-20f}) {
            float[] row = OpCases.vector(random, 150);
            for (int i = 0; i < row.length; i++) {
                row[i] = i % 7 == 0 ? 0 : row[i] + shift;
            }
            float[] whole = new float[150];
            float[] scales = new float[3];
            Int8.row(row, whole, scales);
            for (int i = 0; i < row.length; i++) {
                double step = scales[i / 64];
                assertThat(whole[i] * step).isCloseTo(row[i], within(1.0001 * step));
                assertThat(whole[i]).isEqualTo((float) Math.rint(whole[i])).isBetween(-255f, 255f);
                assertThat(whole[i] == 0).isEqualTo(row[i] == 0 || Math.abs(row[i]) < step);
            }
        }
    }

    @Test
    void groupsOfZerosAndWhatIsNotFinite() {
        float[] row = new float[192];
        row[70] = Float.NaN;
        row[130] = Float.NEGATIVE_INFINITY;
        float[] whole = new float[192];
        float[] scales = new float[3];
        Int8.row(row, whole, scales);
        assertThat(whole[0]).isZero();
        assertThat(scales[0]).isFinite();
        assertThat(scales[1]).isNaN();
        assertThat(scales[2]).isNaN();
        byte[] weight = new byte[64];
        Int8.weight(new float[64], weight, scales);
        assertThat(weight).containsOnly(0);
    }

    /// Computed in double precision, from the operands alone: what one whole step of each factor can change.
    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void theDefinitionIsTheProductButForTheSteps(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = Int8Cases.weight(random, size.out(), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, size.out()) : null;
        Matrix actual = product(new ScalarKernels(Precision.INT8), x, weight, bias);
        for (int row = 0; row < size.rows(); row++) {
            for (int col = 0; col < size.out(); col++) {
                double exact = bias == null ? 0 : bias[col];
                double error = Math.abs(exact) * EPSILON;
                for (int i = 0; i < size.in(); i++) {
                    double step = size.out() < 16 ? 0 : range(x, row, i) / 255;
                    double other = size.out() < 16 ? 0 : most(weight, col, i) / 254;
                    exact += (double) x.get(row, i) * weight.get(col, i);
                    error += step * Math.abs(weight.get(col, i)) + other * Math.abs(x.get(row, i)) + step * other
                            + 4 * EPSILON * Math.abs(x.get(row, i) * weight.get(col, i));
                }
                assertThat((double) actual.get(row, col)).isCloseTo(exact, within(error + 1e-6));
            }
        }
    }

    private static double range(Matrix x, int row, int at) {
        double low = 0;
        double high = 0;
        for (int i = at / 64 * 64; i < Math.min(x.cols(), at / 64 * 64 + 64); i++) {
            low = Math.min(low, x.get(row, i));
            high = Math.max(high, x.get(row, i));
        }
        return high - low;
    }

    private static double most(Matrix x, int row, int at) {
        double most = 0;
        for (int i = at / 64 * 64; i < Math.min(x.cols(), at / 64 * 64 + 64); i++) {
            most = Math.max(most, Math.abs(x.get(row, i)));
        }
        return most;
    }

    private Matrix product(Kernels kernels, Matrix x, Matrix weight, float[] bias) {
        Guarded out = Guarded.of(x.rows(), weight.rows());
        kernels.linear(x, kernels.pack(Arena.ofAuto(), weight, bias), StandardActivation.LINEAR, out.inside(), workers);
        assertThat(out.intact()).isTrue();
        return out.inside();
    }

    @ParameterizedTest
    @MethodSource("io.encoder4j.kernel.OpCases#products")
    void portableKernelsHaveTheBitsOfTheDefinition(Product size) {
        SplittableRandom random = new SplittableRandom(size.hashCode());
        Matrix x = OpCases.random(random, size.rows(), size.in());
        Matrix weight = Int8Cases.weight(random, Math.max(16, size.out()), size.in());
        float[] bias = random.nextBoolean() ? OpCases.vector(random, weight.rows()) : null;
        float[] expected = product(new ScalarKernels(Precision.INT8), x, weight, bias).toArray();
        for (String name : new String[] {"vector", "plain"}) {
            Kernels kernels = KernelChoice.choose(name, Precision.INT8);
            assertThat(kernels.precision()).isEqualTo("int8");
            assertThat(product(kernels, x, weight, bias).toArray()).as(name).containsExactly(expected);
        }
    }

    @Test
    void layersThatWouldLoseTooMuchAreKept() {
        SplittableRandom random = new SplittableRandom(3);
        Matrix even = Int8Cases.weight(random, 40, 128);
        assertThat(Int8Weight.of(even, null).kept()).isEmpty();
        assertThat(Int8Weight.of(even.rows(0, 15), null).kept()).hasValue("it has only 15 outputs");
        // One weight in each group is so large that little is left of the others; they count as much.
        Matrix uneven = Int8Cases.weight(random, 40, 128);
        for (int row = 0; row < 40; row++) {
            uneven.set(row, 5, 40);
            uneven.set(row, 70, -40);
        }
        assertThat(Int8Weight.of(uneven, null).kept()).hasValueSatisfying(why -> assertThat(why).startsWith("in int8 it would lose"));
        Matrix x = OpCases.random(random, 3, 128);
        for (String name : new String[] {"scalar", "plain"}) {
            assertThat(product(KernelChoice.choose(name, Precision.INT8), x, uneven, null).toArray())
                    .containsExactly(product(KernelChoice.choose(name, Precision.FLOAT32), x, uneven, null).toArray());
        }
    }
}
