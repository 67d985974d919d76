// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;

/// Elementary functions in float32, one number at a time. They do the same operations as those of the vector kernels, so they
/// have the same bits. `VectorMath` explains the formulas and states the errors.
public final class PlainMath {

    private static final float EXP_MIN = -87.33654f;
    private static final float EXP_MAX = 88.72283f;
    private static final float LOG2_E = 1.4426950408889634f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f;

    private PlainMath() { }

    /// {@return `eˣ`: 0 below -87.33, infinite above 88.72}
    ///
    /// @param x the argument
    public static float exp(float x) {
        return x > EXP_MAX ? Float.POSITIVE_INFINITY : expOfNegative(Math.min(x, EXP_MAX));
    }

    /// {@return [#exp] of a value not above 88.72}
    ///
    /// @param x the argument
    public static float expOfNegative(float x) {
        return x < EXP_MIN ? 0f : clampedExp(x);
    }

    private static float clampedExp(float x) {
        float clamped = Math.max(x, EXP_MIN);
        float shifted = Math.fma(clamped, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_HIGH, clamped);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(1f / 5040, r, 1f / 720);
        p = Math.fma(p, r, 1f / 120);
        p = Math.fma(p, r, 1f / 24);
        p = Math.fma(p, r, 1f / 6);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
    }

    /// {@return `x · Φ(x)`}
    ///
    /// @param x the argument
    public static float gelu(float x) {
        float z = Math.abs(x) * 0.70710678f;
        float t = 1f / Math.fma(z, 0.5f, 1f);
        float p = Math.fma(0.17087277f, t, -0.82215223f);
        p = Math.fma(p, t, 1.48851587f);
        p = Math.fma(p, t, -1.13520398f);
        p = Math.fma(p, t, 0.27886807f);
        p = Math.fma(p, t, -0.18628806f);
        p = Math.fma(p, t, 0.09678418f);
        p = Math.fma(p, t, 0.37409196f);
        p = Math.fma(p, t, 1.00002368f);
        p = Math.fma(p, t, -1.26551223f);
        float tail = clampedExp(p - z * z) * t * 0.5f;
        return x * (x < 0 ? tail : 1f - tail);
    }

    /// {@return `1 / (1 + e⁻ˣ)`}
    ///
    /// @param x the argument
    public static float sigmoid(float x) {
        return 1f / (exp(-x) + 1f);
    }

    /// {@return `½x(1 + tanh(√(2/π)(x + 0.044715x³)))`}
    ///
    /// @param x the argument
    public static float geluTanh(float x) {
        float cubic = Math.fma(x * x, 0.044715f, 1f) * x;
        return x * sigmoid(cubic * 1.5957691216057308f);
    }

    /// {@return any activation, with the bits of the vector kernels}
    ///
    /// @param f the function
    /// @param x the argument
    public static float activate(ActivationFunction f, float x) {
        return f instanceof StandardActivation standard ? switch (standard) {
            case LINEAR -> x;
            case RELU -> x < 0 ? 0f : x;
            case GELU -> gelu(x);
            case GELU_TANH -> geluTanh(x);
            case QUICK_GELU -> x * sigmoid(x * 1.702f);
            case SILU -> x * sigmoid(x);
            case SIGMOID -> sigmoid(x);
            case MISH, TANH -> f.apply(x);
        } : f.apply(x);
    }

    /// {@return the sum of a vector's lanes, by halves}
    ///
    /// @param lanes overwritten; its length is a power of two
    public static float sum(float[] lanes) {
        float[] next = new float[lanes.length];
        for (int half = 1; half < lanes.length; half <<= 1) {
            for (int i = 0; i < lanes.length; i++) {
                next[i] = lanes[i] + lanes[i ^ half];
            }
            System.arraycopy(next, 0, lanes, 0, lanes.length);
        }
        return lanes[0];
    }
}
