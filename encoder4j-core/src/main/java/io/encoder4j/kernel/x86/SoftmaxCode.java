// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.Gpr.R10;
import static io.encoder4j.kernel.x86.Gpr.R11;
import static io.encoder4j.kernel.x86.Gpr.R8;
import static io.encoder4j.kernel.x86.Gpr.R9;
import static io.encoder4j.kernel.x86.Gpr.RAX;
import static io.encoder4j.kernel.x86.Gpr.RBX;
import static io.encoder4j.kernel.x86.Gpr.RCX;
import static io.encoder4j.kernel.x86.Gpr.RDI;
import static io.encoder4j.kernel.x86.Gpr.RDX;
import static io.encoder4j.kernel.x86.Gpr.RSI;

import java.util.function.Function;

/// Turns rows of scores into `e^(scale · score + bias - max)` and gives, for each row, one over their sum; 0, and a row of
/// zeros, where every key is forbidden. Memory: the scores, the bias (rows of the same length), the factors, and the
/// length's last vector: 0 for each key, -∞ past the last one.
record SoftmaxCode(boolean bias) {

    // The numbers of a call.
    static final int SCORES_START = 0;
    static final int SCORES_STRIDE = 1;
    static final int BIAS_START = 2;
    static final int BIAS_STRIDE = 3;
    static final int FACTORS_START = 4;
    static final int TAIL_START = 5;
    static final int ROWS = 6;
    /// Vectors of a row but the last.
    static final int VECTORS = 7;
    /// A float.
    static final int SCALE = 8;

    private static final int EQUAL = 0;

    private static final int MAX = 0;
    private static final int SUM = 1;
    private static final int X = 2;
    private static final int E = 3;
    private static final int FREE = 4;
    private static final int MASK = 5;
    private static final int HIDDEN = 6;
    private static final int SCALES = 7;

    private static Mem number(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    Routine emit(Function<Assembler, VectorUnit> unit) {
        Code code = new Code(unit);
        Assembler a = code.a;
        VectorUnit v = code.v;
        a.mov(RAX, RSI);
        a.addFrom(RAX, number(SCORES_START));
        a.mov(RBX, RDX);
        a.addFrom(RBX, number(BIAS_START));
        a.addFrom(RCX, number(FACTORS_START));
        a.addFrom(R8, number(TAIL_START));
        v.broadcast(SCALES, number(SCALE));
        a.load(R9, number(ROWS));
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
            a.addFrom(RAX, number(SCORES_STRIDE));
            a.addFrom(RBX, number(BIAS_STRIDE));
        });
        return code.finish();
    }

    private void scaled(Code code) {
        VectorUnit v = code.v;
        v.load(MAX, code.constant(Float.NEGATIVE_INFINITY));
        code.a.movImmediate(R10, 0);
        code.a.load(R11, number(VECTORS));
        code.repeatIfAny(R11, () -> {
            scaledVector(code, false);
            code.a.addImmediate(R10, v.bytes());
        });
        scaledVector(code, true);
    }

    private void scaledVector(Code code, boolean last) {
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

    private static void exponentials(Code code) {
        VectorUnit v = code.v;
        MathCode math = new MathCode(code);
        v.zero(SUM);
        code.a.movImmediate(R10, 0);
        code.a.load(R11, number(VECTORS));
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
