// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.tensor.StandardActivation;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/// The errors stated in [VectorMath], over a sweep of floats.
class VectorMathTest {

    private static final int STEPS = 1_000_000;

    private static float[] apply(UnaryOperator<FloatVector> f, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i += Species.LANES) {
            var mask = Species.F.indexInRange(i, x.length);
            f.apply(FloatVector.fromArray(Species.F, x, i, mask)).intoArray(y, i, mask);
        }
        return y;
    }

    private static float[] sweep(float from, float to) {
        float[] x = new float[STEPS];
        for (int i = 0; i < STEPS; i++) {
            x[i] = (float) (from + (to - (double) from) * i / (STEPS - 1));
        }
        return x;
    }

    private static double worstUlps(UnaryOperator<FloatVector> f, DoubleUnaryOperator truth, float from, float to) {
        float[] x = sweep(from, to);
        float[] y = apply(f, x);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double want = truth.applyAsDouble(x[i]);
            worst = Math.max(worst, Math.abs(y[i] - want) / Math.ulp((float) want));
        }
        return worst;
    }

    private static double worstAbsolute(UnaryOperator<FloatVector> f, DoubleUnaryOperator truth, float from, float to) {
        float[] x = sweep(from, to);
        float[] y = apply(f, x);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double want = truth.applyAsDouble(x[i]);
            worst = Math.max(worst, Math.abs(y[i] - want) / Math.max(1, Math.abs(x[i])));
        }
        return worst;
    }

    @Test
    void expIsWithinTwoUlpsAndSaturates() {
        assertThat(worstUlps(VectorMath::exp, Math::exp, -87f, 88.7f)).isLessThan(2);
        float[] ends = apply(VectorMath::exp, new float[] {-1000, Float.NEGATIVE_INFINITY, 0, 89, 1000, Float.NaN});
        assertThat(ends).containsExactly(0f, 0f, 1f, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN);
    }

    @Test
    void geluIsWithinItsStatedError() {
        assertThat(worstAbsolute(VectorMath::gelu, x -> StandardActivation.GELU.apply((float) x), -12f, 12f))
                .isLessThan(4e-7);
    }

    @Test
    void sigmoidAndTanhAreWithinTheirStatedErrors() {
        assertThat(worstUlps(VectorMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), -80f, 80f)).isLessThan(4);
        float[] x = sweep(-20, 20);
        float[] y = apply(VectorMath::tanh, x);
        for (int i = 0; i < x.length; i++) {
            assertThat(Math.abs(y[i] - Math.tanh(x[i]))).isLessThan(3e-7);
        }
    }

    @Test
    void lanesAreSummedByHalves() {
        float[] x = new float[Species.LANES];
        float expected = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = i + 1;
            expected += x[i];
        }
        assertThat(VectorMath.sum(FloatVector.fromArray(Species.F, x, 0))).isEqualTo(expected);
    }
}
