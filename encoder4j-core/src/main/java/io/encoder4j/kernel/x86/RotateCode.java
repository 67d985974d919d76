// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.assembler.Gpr.R10;
import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R13;
import static io.encoder4j.kernel.x86.assembler.Gpr.R8;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
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

/// Rotates the pairs of each head, feature i with feature i + pairs, by the angles of the row: `a·cos - b·sin` and
/// `b·cos + a·sin`. Memory: the rows, their cosines, the result, and their sines. The caller copies the features that a head has
/// beyond its pairs.
final class RotateCode {

    // The arguments of a call.
    static final int X_START = 0;
    static final int X_STRIDE = 1;
    static final int COS_START = 2;
    static final int SIN_START = 3;
    static final int OUT_START = 4;
    static final int OUT_STRIDE = 5;
    static final int ROWS = 6;
    /// Vectors that hold the pairs' first halves.
    static final int VECTORS = 7;
    static final int HEADS = 8;
    /// Bytes from one head to the next.
    static final int HEAD_BYTES = 9;
    /// Bytes of the pairs' first halves. A row of cosines has as many.
    static final int HALF_BYTES = 10;

    private static final int COS = 0;
    private static final int SIN = 1;
    private static final int A = 2;
    private static final int B = 3;
    private static final int LEFT = 4;
    private static final int RIGHT = 5;

    private RotateCode() { }

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    static Routine emit(Function<Assembler, VectorUnit> unit) {
        RoutineBuilder code = new RoutineBuilder(unit);
        Assembler a = code.a;
        a.addFrom(RSI, argument(X_START));
        a.addFrom(RDX, argument(COS_START));
        a.addFrom(RCX, argument(OUT_START));
        a.addFrom(R8, argument(SIN_START));
        a.load(R9, argument(ROWS));
        code.repeat(R9, () -> {
            a.mov(RAX, RSI);
            a.mov(RBX, RCX);
            a.load(R10, argument(HEADS));
            code.repeat(R10, () -> {
                head(code);
                a.addFrom(RAX, argument(HEAD_BYTES));
                a.addFrom(RBX, argument(HEAD_BYTES));
            });
            a.addFrom(RSI, argument(X_STRIDE));
            a.addFrom(RCX, argument(OUT_STRIDE));
            a.addFrom(RDX, argument(HALF_BYTES));
            a.addFrom(R8, argument(HALF_BYTES));
        });
        return code.finish();
    }

    private static void head(RoutineBuilder code) {
        Assembler a = code.a;
        VectorUnit v = code.v;
        a.mov(R12, RAX);
        a.addFrom(R12, argument(HALF_BYTES));
        a.mov(R13, RBX);
        a.addFrom(R13, argument(HALF_BYTES));
        a.movImmediate(RBP, 0);
        a.load(R11, argument(VECTORS));
        code.repeat(R11, () -> {
            v.load(COS, Mem.at(RDX, RBP, 1, 0));
            v.load(SIN, Mem.at(R8, RBP, 1, 0));
            v.load(A, Mem.at(RAX, RBP, 1, 0));
            v.load(B, Mem.at(R12, RBP, 1, 0));
            v.op(Op.MULPS, LEFT, A, COS);
            v.op(Op.MULPS, RIGHT, B, SIN);
            v.op(Op.SUBPS, LEFT, LEFT, RIGHT);
            v.store(Mem.at(RBX, RBP, 1, 0), LEFT);
            v.op(Op.MULPS, LEFT, B, COS);
            v.op(Op.MULPS, RIGHT, A, SIN);
            v.op(Op.ADDPS, LEFT, LEFT, RIGHT);
            v.store(Mem.at(R13, RBP, 1, 0), LEFT);
            a.addImmediate(RBP, v.bytes());
        });
    }
}
