// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.machine.Softmax.BIAS_START;
import static io.encoder4j.kernel.machine.Softmax.BIAS_STRIDE;
import static io.encoder4j.kernel.machine.Softmax.FACTORS_START;
import static io.encoder4j.kernel.machine.Softmax.ROWS;
import static io.encoder4j.kernel.machine.Softmax.SCALE;
import static io.encoder4j.kernel.machine.Softmax.SCORES_START;
import static io.encoder4j.kernel.machine.Softmax.SCORES_STRIDE;
import static io.encoder4j.kernel.machine.Softmax.TAIL_START;
import static io.encoder4j.kernel.machine.Softmax.VECTORS;
import static io.encoder4j.kernel.x86.assembler.Gpr.R10;
import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R8;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RCX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.kernel.x86.assembler.VectorUnit;
import java.util.function.Function;

/// Turns rows of scores into `e^(scale · score + bias - max)`, and writes one over the sum of each row. Where every key is
/// forbidden, the row becomes zeros and the factor 0. Memory: the scores, the bias (rows of the same length), the factors, and
/// summands for the last vector: 0 for each key, -∞ after the last one.
record SoftmaxCode(boolean bias) {

    private static final int EQUAL = 0;

    private static final int MAX = 0;
    private static final int SUM = 1;
    private static final int X = 2;
    private static final int E = 3;
    private static final int FREE = 4;
    private static final int MASK = 5;
    private static final int HIDDEN = 6;
    private static final int SCALES = 7;

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    Routine emit(Function<Assembler, VectorUnit> unit) {
        RoutineBuilder code = new RoutineBuilder(unit);
        Assembler a = code.a;
        VectorUnit v = code.v;
        a.mov(RAX, RSI);
        a.addFrom(RAX, argument(SCORES_START));
        a.mov(RBX, RDX);
        a.addFrom(RBX, argument(BIAS_START));
        a.addFrom(RCX, argument(FACTORS_START));
        a.addFrom(R8, argument(TAIL_START));
        v.broadcast(SCALES, argument(SCALE));
        a.load(R9, argument(ROWS));
        code.repeat(R9, () -> {
            scaled(code);
            code.reduce(Op.MAXPS, MAX, FREE);
            v.compare(HIDDEN, MAX, code.constant(Float.NEGATIVE_INFINITY), EQUAL);
            v.zero(FREE);
            v.choose(MAX, HIDDEN, FREE, MAX);
            exponentials(code);
            code.sum(SUM, FREE);
            v.load(X, code.constant(1f));
            v.op(Op.DIVPS, X, X, SUM);
            v.zero(FREE);
            v.choose(X, HIDDEN, FREE, X);
            a.storess(Mem.at(RCX), X);
            a.addImmediate(RCX, Float.BYTES);
            a.addFrom(RAX, argument(SCORES_STRIDE));
            a.addFrom(RBX, argument(BIAS_STRIDE));
        });
        return code.finish();
    }

    private void scaled(RoutineBuilder code) {
        VectorUnit v = code.v;
        v.load(MAX, code.constant(Float.NEGATIVE_INFINITY));
        code.a.movImmediate(R10, 0);
        code.a.load(R11, argument(VECTORS));
        code.repeatIfAny(R11, () -> {
            scaledVector(code, false);
            code.a.addImmediate(R10, v.bytes());
        });
        scaledVector(code, true);
    }

    private void scaledVector(RoutineBuilder code, boolean last) {
        VectorUnit v = code.v;
        v.op(Op.MULPS, X, SCALES, Mem.at(RAX, R10, 1, 0));
        if (bias) {
            v.op(Op.ADDPS, X, X, Mem.at(RBX, R10, 1, 0));
        }
        if (last) {
            v.op(Op.ADDPS, X, X, Mem.at(R8));
        }
        v.store(Mem.at(RAX, R10, 1, 0), X);
        v.op(Op.MAXPS, MAX, MAX, X);
    }

    private static void exponentials(RoutineBuilder code) {
        VectorUnit v = code.v;
        MathCode math = new MathCode(code);
        v.zero(SUM);
        code.a.movImmediate(R10, 0);
        code.a.load(R11, argument(VECTORS));
        code.a.addImmediate(R11, 1);
        code.repeat(R11, () -> {
            v.load(X, Mem.at(RAX, R10, 1, 0));
            v.op(Op.SUBPS, X, X, MAX);
            math.expOfNegative(E, X, FREE, MASK);
            v.store(Mem.at(RAX, R10, 1, 0), E);
            v.op(Op.ADDPS, SUM, SUM, E);
            code.a.addImmediate(R10, v.bytes());
        });
    }
}
