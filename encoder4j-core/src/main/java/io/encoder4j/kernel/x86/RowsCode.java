// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.Gpr.R10;
import static io.encoder4j.kernel.x86.Gpr.R11;
import static io.encoder4j.kernel.x86.Gpr.R12;
import static io.encoder4j.kernel.x86.Gpr.R9;
import static io.encoder4j.kernel.x86.Gpr.RAX;
import static io.encoder4j.kernel.x86.Gpr.RBP;
import static io.encoder4j.kernel.x86.Gpr.RBX;
import static io.encoder4j.kernel.x86.Gpr.RCX;
import static io.encoder4j.kernel.x86.Gpr.RDI;
import static io.encoder4j.kernel.x86.Gpr.RDX;
import static io.encoder4j.kernel.x86.Gpr.RSI;

import io.encoder4j.tensor.StandardActivation;
import java.util.function.Function;

/// Routines that go along rows of whole vectors: `out = f(x, y)` element by element, and the norms. Memory: x, y and out;
/// for a norm x, its weight followed by its bias, and out.
final class RowsCode {

    // The numbers of a call.
    static final int X_START = 0;
    static final int X_STRIDE = 1;
    static final int Y_START = 2;
    static final int Y_STRIDE = 3;
    static final int OUT_START = 4;
    static final int OUT_STRIDE = 5;
    static final int ROWS = 6;
    static final int VECTORS = 7;
    /// A float: the number of columns.
    static final int COLUMNS = 8;
    /// A double.
    static final int EPS = 9;
    /// A double: 1.
    static final int ONE = 10;
    /// Bytes from a norm's weight to its bias.
    static final int BIAS = 11;

    private RowsCode() { }

    private static Mem number(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    /// What is done with the vectors at the offset R10 of the rows at RAX, RBX and RBP.
    private interface Body {
        void emit(Code code);
    }

    private static Routine rows(Function<Assembler, VectorUnit> unit, Body body) {
        Code code = new Code(unit);
        Assembler a = code.a;
        a.mov(RAX, RSI);
        a.addFrom(RAX, number(X_START));
        a.mov(RBX, RDX);
        a.addFrom(RBX, number(Y_START));
        a.mov(RBP, RCX);
        a.addFrom(RBP, number(OUT_START));
        a.load(R9, number(ROWS));
        code.repeat(R9, () -> {
            body.emit(code);
            a.addFrom(RAX, number(X_STRIDE));
            a.addFrom(RBX, number(Y_STRIDE));
            a.addFrom(RBP, number(OUT_STRIDE));
        });
        return code.finish();
    }

    /// Runs along the vectors of a row; R10 is the offset in bytes.
    private static void along(Code code, Runnable vector) {
        code.a.movImmediate(R10, 0);
        code.a.load(R11, number(VECTORS));
        code.repeat(R11, () -> {
            vector.run();
            code.a.addImmediate(R10, code.v.bytes());
        });
    }

    private static Mem here(Gpr row) {
        return Mem.at(row, R10, 1, 0);
    }

    /// `out = x op y`.
    static Routine binary(Function<Assembler, VectorUnit> unit, Op op) {
        return rows(unit, code -> along(code, () -> {
            code.v.load(0, here(RAX));
            code.v.op(op, 0, 0, here(RBX));
            code.v.store(here(RBP), 0);
        }));
    }

    /// `out = f(x)`.
    static Routine activation(Function<Assembler, VectorUnit> unit, StandardActivation f) {
        return rows(unit, code -> {
            MathCode math = new MathCode(code);
            along(code, () -> {
                code.v.load(0, here(RAX));
                math.activate(f, 0, 1);
                code.v.store(here(RBP), 0);
            });
        });
    }

    /// `out = x`.
    static Routine copy(Function<Assembler, VectorUnit> unit) {
        return rows(unit, code -> along(code, () -> {
            code.v.load(0, here(RAX));
            code.v.store(here(RBP), 0);
        }));
    }

    /// The layer norm, or with `root` the root mean square norm.
    ///
    /// @param weight whether there is one; it comes first at y
    /// @param bias   whether there is one; it comes after the room for the weight
    static Routine norm(Function<Assembler, VectorUnit> unit, boolean root, boolean weight, boolean bias) {
        return rows(unit, code -> {
            VectorUnit v = code.v;
            int mean = 0;
            int factor = 1;
            int free = 2;
            v.zero(mean);
            if (!root) {
                along(code, () -> v.op(Op.ADDPS, mean, mean, here(RAX)));
                code.sum(mean, free);
                code.a.divss(mean, mean, number(COLUMNS));
                v.broadcast(mean, mean);
            }
            v.zero(factor);
            along(code, () -> {
                v.load(free, here(RAX));
                v.op(Op.SUBPS, free, free, mean);
                v.op(Op.FMADD231PS, factor, free, free);
            });
            code.sum(factor, free);
            inverseRoot(code, factor, free);
            code.a.mov(R12, RBX);
            code.a.addFrom(R12, number(BIAS));
            along(code, () -> {
                v.load(free, here(RAX));
                v.op(Op.SUBPS, free, free, mean);
                v.op(Op.MULPS, free, free, factor);
                if (weight) {
                    v.op(Op.MULPS, free, free, here(RBX));
                }
                if (bias) {
                    v.op(Op.ADDPS, free, free, here(R12));
                }
                v.store(here(RBP), free);
            });
        });
    }

    /// `1 / √(sum / columns + eps)`, in double as the definition, given to all lanes.
    private static void inverseRoot(Code code, int sum, int free) {
        Assembler a = code.a;
        a.divss(sum, sum, number(COLUMNS));
        a.floatToDouble(sum, sum);
        a.addsd(sum, sum, number(EPS));
        a.sqrtsd(sum, sum);
        a.loadsd(free, number(ONE));
        a.divsd(sum, free, sum);
        a.doubleToFloat(sum, sum);
        code.v.broadcast(sum, sum);
    }
}
