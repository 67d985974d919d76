// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import io.encoder4j.kernel.arm64.assembler.Assembler;
import io.encoder4j.kernel.arm64.assembler.Op;
import io.encoder4j.kernel.arm64.assembler.RoutineBuilder;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// Elementary functions on vector registers, with the same operations as [io.encoder4j.kernel.PlainMath]. Several registers at a time
/// go through each step together, since an instruction has to wait for the one before.
final class MathCode {

    private static final float EXP_MIN = -87.33654f;
    private static final float LOG2_E = 1.4426950408889634f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f;
    private static final float[] EXP = {1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1f, 1f};
    private static final float[] ERFC = {0.17087277f, -0.82215223f, 1.48851587f, -1.13520398f, 0.27886807f,
        -0.18628806f, 0.09678418f, 0.37409196f, 1.00002368f, -1.26551223f};
    private static final int EXPONENT_BIT = 23;
    /// Registers that go through a function together; each needs five more.
    private static final int TOGETHER = 3;

    /// What [#exp] reads, for [#keep].
    static final float[] EXP_CONSTANTS = {EXP_MIN, LOG2_E, ROUND, LN2_HIGH, LN2_LOW, 1f / 5040, 1f / 720, 1f / 120, 1f / 24,
        1f / 6, 0.5f, 1f};

    private final RoutineBuilder code;
    private final Assembler a;
    /// Constants that have a register of their own.
    private final Map<Float, Integer> kept = new HashMap<>();

    MathCode(RoutineBuilder code) {
        this.code = code;
        a = code.a;
    }

    /// Loads constants into registers from `first` on, where they stay.
    void keep(int first, float... constants) {
        for (float constant : constants) {
            int register = first + kept.size();
            kept.put(constant, register);
            code.load(register, constant);
        }
    }

    /// The register of a constant: its own, or `free`.
    private int constant(float value, int free) {
        Integer register = kept.get(value);
        if (register != null) {
            return register;
        }
        code.load(free, value);
        return free;
    }

    private void load(int to, float value) {
        Integer register = kept.get(value);
        if (register != null) {
            a.move(to, register);
        } else {
            code.load(to, value);
        }
    }

    private static void each(int count, IntConsumer step) {
        for (int i = 0; i < count; i++) {
            step.accept(i);
        }
    }

    /// `to = eˣ` for x not above 88.72, but 1e-38 below -87.33; each is the first of `count` neighbouring registers.
    ///
    /// @param x    overwritten, as `n` and `free`
    /// @param k    one register, overwritten
    void exp(int count, int to, int x, int n, int free, int k) {
        int least = constant(EXP_MIN, k);
        each(count, i -> a.op(Op.FMAX, x + i, x + i, least));
        each(count, i -> load(n + i, ROUND));
        int log2 = constant(LOG2_E, k);
        each(count, i -> a.op(Op.FMLA, n + i, x + i, log2));
        int round = constant(ROUND, k);
        each(count, i -> a.op(Op.FSUB, to + i, n + i, round));
        int high = constant(LN2_HIGH, k);
        each(count, i -> a.op(Op.FMLS, x + i, to + i, high));
        int low = constant(LN2_LOW, k);
        each(count, i -> a.op(Op.FMLS, x + i, to + i, low));
        polynomial(count, to, x, free, EXP);
        each(count, i -> a.shiftLeft(n + i, n + i, EXPONENT_BIT));
        each(count, i -> a.op(Op.ADD, to + i, to + i, n + i));
    }

    /// `to` is the polynomial of x with an odd degree. A multiplication adds to its target, so two registers take turns.
    private void polynomial(int count, int to, int x, int free, float[] coefficients) {
        each(count, i -> load(free + i, coefficients[0]));
        for (int c = 1; c < coefficients.length; c++) {
            int next = c % 2 == 1 ? to : free;
            int last = c % 2 == 1 ? free : to;
            float coefficient = coefficients[c];
            each(count, i -> load(next + i, coefficient));
            each(count, i -> a.op(Op.FMLA, next + i, last + i, x + i));
        }
    }

    /// `x = x · Φ(x)`.
    ///
    /// @param free the first of `5 · count + 1` neighbouring registers, overwritten
    private void gelu(int count, int x, int free) {
        int z = free;
        int t = free + count;
        int p = free + 2 * count;
        int q = free + 3 * count;
        int s = free + 4 * count;
        int k = free + 5 * count;
        each(count, i -> a.absolute(z + i, x + i));
        int root = constant(0.70710678f, k);
        each(count, i -> a.op(Op.FMUL, z + i, z + i, root));
        each(count, i -> load(t + i, 1f));
        int half = constant(0.5f, k);
        each(count, i -> a.op(Op.FMLA, t + i, z + i, half));
        int one = constant(1f, k);
        each(count, i -> a.op(Op.FDIV, t + i, one, t + i));
        polynomial(count, p, t, q, ERFC);
        each(count, i -> a.op(Op.FMUL, z + i, z + i, z + i));
        each(count, i -> a.op(Op.FSUB, p + i, p + i, z + i));
        exp(count, z, p, q, s, k);
        each(count, i -> a.op(Op.FMUL, z + i, z + i, t + i));
        int halfAgain = constant(0.5f, k);
        each(count, i -> a.op(Op.FMUL, z + i, z + i, halfAgain));
        int oneAgain = constant(1f, k);
        each(count, i -> a.op(Op.FSUB, p + i, oneAgain, z + i));
        each(count, i -> a.isNegative(q + i, x + i));
        each(count, i -> a.op(Op.BIT, p + i, z + i, q + i));
        each(count, i -> a.op(Op.FMUL, x + i, x + i, p + i));
    }

    /// Whether [#activate] has code for the function.
    static boolean has(ActivationFunction function) {
        return function == StandardActivation.LINEAR || function == StandardActivation.RELU
                || function == StandardActivation.GELU;
    }

    /// `x = f(x)` for `count` neighbouring registers.
    ///
    /// @param free the first of sixteen neighbouring registers, overwritten
    void activate(StandardActivation f, int count, int x, int free) {
        for (int i = 0; i < count; i += TOGETHER) {
            int some = Math.min(TOGETHER, count - i);
            int first = x + i;
            switch (f) {
                case LINEAR -> { }
                // NaN and -0 stay, as in torch.
                case RELU -> each(some, j -> {
                    a.isNegative(free + j, first + j);
                    a.op(Op.BIC, first + j, first + j, free + j);
                });
                case GELU -> gelu(some, first, free);
                default -> throw new IllegalArgumentException("no code for " + f);
            }
        }
    }

    /// `to = eˣ` for x not above 88.72; 0 below -87.33. One register.
    ///
    /// @param x overwritten, as `n`, `free` and `mask`; the constants are kept
    void expOfNegative(int to, int x, int n, int free, int mask) {
        a.op(Op.FCMGT, mask, constant(EXP_MIN, free), x);
        exp(1, to, x, n, free, free);
        a.op(Op.BIC, to, to, mask);
    }
}
