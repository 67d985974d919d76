// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.kernel.x86.assembler.VectorUnit;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;

/// Elementary functions on vector registers, with the same operations as [io.encoder4j.kernel.PlainMath].
final class MathCode {

    private static final float EXP_MIN = -87.33654f;
    private static final float EXP_MAX = 88.72283f;
    private static final float LOG2_E = 1.4426950408889634f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f;
    private static final float[] EXP = {1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1f, 1f};
    private static final float[] ERFC = {0.17087277f, -0.82215223f, 1.48851587f, -1.13520398f, 0.27886807f,
        -0.18628806f, 0.09678418f, 0.37409196f, 1.00002368f, -1.26551223f};
    private static final int EXPONENT_BIT = 23;
    private static final int GREATER = 30;
    private static final float ABSOLUTE = Float.intBitsToFloat(0x7FFFFFFF);
    private static final float SIGN = -0f;

    private final RoutineBuilder code;
    private final VectorUnit v;

    MathCode(RoutineBuilder code) {
        this.code = code;
        v = code.v;
    }

    /// `to = eˣ` for x not above 88.72, but 1e-38 below -87.33. NaN stays NaN, because MAXPS then gives its second source.
    ///
    /// @param x overwritten, as `free`
    void clampedExp(int to, int x, int free) {
        v.load(to, code.constant(EXP_MIN));
        v.op(Op.MAXPS, x, to, x);
        v.load(to, code.constant(LOG2_E));
        v.move(free, x);
        v.op(Op.FMADD213PS, free, to, code.constant(ROUND));
        v.op(Op.SUBPS, to, free, code.constant(ROUND));
        v.op(Op.FMADD231PS, x, to, code.constant(-LN2_HIGH));
        v.op(Op.FMADD231PS, x, to, code.constant(-LN2_LOW));
        polynomial(to, x, EXP);
        v.shiftLeft(free, free, EXPONENT_BIT);
        v.op(Op.PADDD, to, to, free);
    }

    /// `to = eˣ` for x not above 88.72; 0 below -87.33.
    ///
    /// @param x overwritten, as `free` and `mask`
    void expOfNegative(int to, int x, int free, int mask) {
        v.compare(mask, x, code.constant(EXP_MIN), Assembler.LESS);
        clampedExp(to, x, free);
        v.zero(free);
        v.choose(to, mask, free, to);
    }

    /// `to = eˣ`; 0 below -87.33, infinite above 88.72.
    ///
    /// @param x     overwritten, as `free`
    /// @param masks two neighbours, overwritten
    private void exp(int to, int x, int free, int masks) {
        v.compare(masks + 1, x, code.constant(EXP_MAX), GREATER);
        v.load(to, code.constant(EXP_MAX));
        v.op(Op.MINPS, x, to, x);
        expOfNegative(to, x, free, masks);
        v.load(free, code.constant(Float.POSITIVE_INFINITY));
        v.choose(to, masks + 1, free, to);
    }

    private void polynomial(int to, int x, float[] coefficients) {
        v.load(to, code.constant(coefficients[0]));
        for (int i = 1; i < coefficients.length; i++) {
            v.op(Op.FMADD213PS, to, x, code.constant(coefficients[i]));
        }
    }

    /// `x = max(x, 0)`; NaN and -0 stay, as in torch.
    void relu(int x, int free) {
        v.zero(free);
        v.op(Op.MAXPS, x, free, x);
    }

    /// `x = x · Φ(x)`.
    ///
    /// @param free the first of four neighbours, overwritten
    void gelu(int x, int free) {
        int z = free;
        int t = free + 1;
        int p = free + 2;
        int scratch = free + 3;
        v.load(z, code.constant(ABSOLUTE));
        v.op(Op.PAND, z, z, x);
        v.op(Op.MULPS, z, z, code.constant(0.70710678f));
        v.load(t, code.constant(0.5f));
        v.op(Op.FMADD213PS, t, z, code.constant(1f));
        v.load(p, code.constant(1f));
        v.op(Op.DIVPS, t, p, t);
        polynomial(p, t, ERFC);
        v.op(Op.MULPS, z, z, z);
        v.op(Op.SUBPS, p, p, z);
        clampedExp(z, p, scratch);
        v.op(Op.MULPS, z, z, t);
        v.op(Op.MULPS, z, z, code.constant(0.5f));
        v.load(p, code.constant(1f));
        v.op(Op.SUBPS, p, p, z);
        v.compare(t, x, code.constant(0f), Assembler.LESS);
        v.choose(p, t, z, p);
        v.op(Op.MULPS, x, x, p);
    }

    /// `x = 1 / (1 + e⁻ˣ)`.
    ///
    /// @param free the first of four neighbours, overwritten
    private void sigmoid(int x, int free) {
        v.op(Op.PXOR, x, x, code.constant(SIGN));
        exp(free, x, free + 1, free + 2);
        v.op(Op.ADDPS, free, free, code.constant(1f));
        v.load(x, code.constant(1f));
        v.op(Op.DIVPS, x, x, free);
    }

    /// Whether [#activate] has code for the function.
    static boolean has(ActivationFunction function) {
        return function instanceof StandardActivation standard && switch (standard) {
            case LINEAR, RELU, GELU, GELU_TANH, QUICK_GELU, SILU, SIGMOID -> true;
            case MISH, TANH -> false;
        };
    }

    /// Whether [#activate] needs only four free registers for the function, so that a product can end with it.
    static boolean fits(ActivationFunction function) {
        return function == StandardActivation.LINEAR || function == StandardActivation.RELU
                || function == StandardActivation.GELU;
    }

    /// `x = f(x)`.
    ///
    /// @param free the first of five neighbouring registers, which are overwritten; of four if it [#fits]
    void activate(StandardActivation f, int x, int free) {
        switch (f) {
            case LINEAR -> { }
            case RELU -> relu(x, free);
            case GELU -> gelu(x, free);
            case SIGMOID -> sigmoid(x, free);
            case SILU -> {
                v.move(free + 4, x);
                timesSigmoid(x, free);
            }
            case QUICK_GELU -> {
                v.op(Op.MULPS, free + 4, x, code.constant(1.702f));
                timesSigmoid(x, free);
            }
            case GELU_TANH -> {
                v.op(Op.MULPS, free + 4, x, x);
                v.load(free, code.constant(0.044715f));
                v.op(Op.FMADD213PS, free + 4, free, code.constant(1f));
                v.op(Op.MULPS, free + 4, free + 4, x);
                v.op(Op.MULPS, free + 4, free + 4, code.constant(1.5957691216057308f));
                timesSigmoid(x, free);
            }
            case MISH, TANH -> throw new IllegalArgumentException("no code for " + f);
        }
    }

    private void timesSigmoid(int x, int free) {
        sigmoid(free + 4, free);
        v.op(Op.MULPS, x, x, free + 4);
    }
}
