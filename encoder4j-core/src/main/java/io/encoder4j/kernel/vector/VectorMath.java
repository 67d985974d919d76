// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// Elementary functions on vectors. The errors given are the largest compared with double precision over all floats of the
/// range, in units of the result's last place (ulp) or absolute; `VectorMathTest` checks them.
final class VectorMath {

    // The range in which eˣ is a normal float. Clamping keeps the exponent arithmetic below from overflowing.
    private static final float EXP_MIN = -87.33654f;
    private static final float EXP_MAX = 88.72283f;
    private static final float LOG2_E = 1.4426950408889634f;
    // ln 2 in two parts, the first short enough that its product with a whole number up to 128 is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f;

    // Single constants, not an array: only a constant shuffle becomes an instruction.
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);

    private VectorMath() { }

    /// The sum of the lanes, by halves. Not `reduceLanes(ADD)`: its order is unspecified and may differ between interpreted and
    /// compiled code, so the same text could get different bits once the JVM is warm.
    static float sum(FloatVector x) {
        FloatVector sum = x.add(x.rearrange(SWAP_1));
        sum = sum.add(sum.rearrange(SWAP_2));
        if (Species.LANES > 4) {
            sum = sum.add(sum.rearrange(SWAP_4));
        }
        if (Species.LANES > 8) {
            sum = sum.add(sum.rearrange(SWAP_8));
        }
        return sum.lane(0);
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(F, lane -> lane ^ distance & Species.LANES - 1);
    }

    /// `eˣ`, within 2 ulp; 0 below -87.33 (no denormals), infinite above 88.72.
    static FloatVector exp(FloatVector x) {
        var huge = x.compare(VectorOperators.GT, EXP_MAX);
        return expOfNegative(x.min(EXP_MAX)).blend(Float.POSITIVE_INFINITY, huge);
    }

    /// [#exp] where no value is above 88.72.
    static FloatVector expOfNegative(FloatVector x) {
        return clampedExp(x).blend(0f, x.compare(VectorOperators.LT, EXP_MIN));
    }

    /// [#expOfNegative], but 1e-38 instead of 0 below -87.33.
    private static FloatVector clampedExp(FloatVector x) {
        FloatVector clamped = x.max(EXP_MIN);
        // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits: rounding without a conversion.
        FloatVector shifted = clamped.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), clamped);
        r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
        // Taylor to r⁷/7! on |r| ≤ ln 2 / 2: truncation below 1e-9.
        FloatVector p = FloatVector.broadcast(F, 1f / 5040);
        p = p.fma(r, FloatVector.broadcast(F, 1f / 720));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 120));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 24));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 6));
        p = p.fma(r, FloatVector.broadcast(F, 0.5f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        // 2ⁿ is added to p's exponent bits; n = 128 only at the very top, where p < 1.5 keeps the sum in range.
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /// `x · Φ(x)`, torch's exact GELU, within 4e-7 · max(1, |x|).
    ///
    /// `Φ(x) = ½ erfc(-x/√2)`, with erfc as `t · exp(-z² + P(t))`, `t = 1 / (1 + z/2)`: a Chebyshev fit with a relative
    /// error below 1.2e-7 everywhere (Press et al., Numerical Recipes, section 6.2).
    static FloatVector gelu(FloatVector x) {
        FloatVector z = x.abs().mul(0.70710678f);
        FloatVector t = FloatVector.broadcast(F, 1f).div(z.fma(FloatVector.broadcast(F, 0.5f),
                FloatVector.broadcast(F, 1f)));
        FloatVector p = FloatVector.broadcast(F, 0.17087277f);
        p = p.fma(t, FloatVector.broadcast(F, -0.82215223f));
        p = p.fma(t, FloatVector.broadcast(F, 1.48851587f));
        p = p.fma(t, FloatVector.broadcast(F, -1.13520398f));
        p = p.fma(t, FloatVector.broadcast(F, 0.27886807f));
        p = p.fma(t, FloatVector.broadcast(F, -0.18628806f));
        p = p.fma(t, FloatVector.broadcast(F, 0.09678418f));
        p = p.fma(t, FloatVector.broadcast(F, 0.37409196f));
        p = p.fma(t, FloatVector.broadcast(F, 1.00002368f));
        p = p.fma(t, FloatVector.broadcast(F, -1.26551223f));
        FloatVector tail = clampedExp(p.sub(z.mul(z))).mul(t).mul(0.5f);
        // tail = Φ(-|x|). For positive x, Φ(x) = 1 - tail.
        FloatVector phi = FloatVector.broadcast(F, 1f).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
        return x.mul(phi);
    }

    /// `1 / (1 + e⁻ˣ)`, within 4 ulp.
    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        return one.div(exp(x.neg()).add(one));
    }

    /// `tanh x`, within 3e-7 absolute.
    static FloatVector tanh(FloatVector x) {
        return sigmoid(x.add(x)).mul(2f).sub(1f);
    }

    /// `½x(1 + tanh(√(2/π)(x + 0.044715x³))) = x · σ(2√(2/π)(x + 0.044715x³))`.
    static FloatVector geluTanh(FloatVector x) {
        FloatVector cubic = x.mul(x).fma(FloatVector.broadcast(F, 0.044715f), FloatVector.broadcast(F, 1f)).mul(x);
        return x.mul(sigmoid(cubic.mul(1.5957691216057308f)));
    }
}
