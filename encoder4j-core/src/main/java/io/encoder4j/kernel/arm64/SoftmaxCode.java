// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import static io.encoder4j.kernel.arm64.assembler.Gpr.X0;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X1;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X10;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X11;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X12;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X16;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X2;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X3;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X4;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X9;
import static io.encoder4j.kernel.arm64.assembler.RoutineBuilder.VECTOR_BYTES;

import io.encoder4j.kernel.arm64.assembler.Assembler;
import io.encoder4j.kernel.arm64.assembler.Gpr;
import io.encoder4j.kernel.arm64.assembler.Op;
import io.encoder4j.kernel.arm64.assembler.RoutineBuilder;
import io.encoder4j.kernel.machine.Softmax;

/// Exponentials of scores; see [io.encoder4j.kernel.machine.VectorRoutines#softmax].
record SoftmaxCode(boolean bias) {

    private static final int MAX = 0;
    private static final int SUM = 1;
    private static final int X = 2;
    private static final int E = 3;
    private static final int N = 4;
    private static final int FREE = 5;
    private static final int MASK = 6;
    private static final int SCALES = 7;
    private static final int HIDDEN = 16;
    /// The constants' registers, up to the last.
    private static final int CONSTANTS = 17;

    private static int argument(int index) {
        return index * Long.BYTES;
    }

    byte[] emit() {
        RoutineBuilder code = new RoutineBuilder();
        MathCode math = new MathCode(code);
        Assembler a = code.a;
        addArgument(a, X1, Softmax.SCORES_START);
        addArgument(a, X2, Softmax.BIAS_START);
        addArgument(a, X3, Softmax.FACTORS_START);
        addArgument(a, X4, Softmax.TAIL_START);
        a.loadFloat(SCALES, X0, argument(Softmax.SCALE));
        a.broadcast(SCALES, SCALES);
        math.keep(CONSTANTS, MathCode.EXP_CONSTANTS);
        a.load(X9, X0, argument(Softmax.ROWS));
        code.repeat(X9, () -> {
            scaled(code);
            a.largest(MAX, MAX);
            a.broadcast(MAX, MAX);
            code.load(X, Float.NEGATIVE_INFINITY);
            a.op(Op.FCMEQ, HIDDEN, MAX, X);
            a.op(Op.BIC, MAX, MAX, HIDDEN);
            exponentials(code, math);
            code.sum(SUM);
            code.load(X, 1f);
            a.op(Op.FDIV, X, X, SUM);
            a.op(Op.BIC, X, X, HIDDEN);
            a.storeFloatAfter(X, X3, Float.BYTES);
            addArgument(a, X1, Softmax.SCORES_STRIDE);
            addArgument(a, X2, Softmax.BIAS_STRIDE);
        });
        return code.finish();
    }

    private static void addArgument(Assembler a, Gpr to, int index) {
        a.load(X16, X0, argument(index));
        a.add(to, to, X16);
    }

    private void scaled(RoutineBuilder code) {
        code.load(MAX, Float.NEGATIVE_INFINITY);
        code.a.mov(X11, X1);
        code.a.mov(X12, X2);
        code.a.load(X10, X0, argument(Softmax.VECTORS));
        code.repeatIfAny(X10, () -> scaledVector(code.a, false));
        scaledVector(code.a, true);
    }

    private void scaledVector(Assembler a, boolean last) {
        a.load(X, X11, 0);
        a.op(Op.FMUL, X, X, SCALES);
        if (bias) {
            a.loadAfter(FREE, X12, VECTOR_BYTES);
            a.op(Op.FADD, X, X, FREE);
        }
        if (last) {
            a.load(FREE, X4, 0);
            a.op(Op.FADD, X, X, FREE);
        }
        a.storeAfter(X, X11, VECTOR_BYTES);
        a.op(Op.FMAX, MAX, MAX, X);
    }

    private static void exponentials(RoutineBuilder code, MathCode math) {
        Assembler a = code.a;
        a.zero(SUM);
        a.mov(X11, X1);
        a.load(X10, X0, argument(Softmax.VECTORS));
        a.addImmediate(X10, X10, 1);
        code.repeat(X10, () -> {
            a.load(X, X11, 0);
            a.op(Op.FSUB, X, X, MAX);
            math.expOfNegative(E, X, N, FREE, MASK);
            a.storeAfter(E, X11, VECTOR_BYTES);
            a.op(Op.FADD, SUM, SUM, E);
        });
    }
}
