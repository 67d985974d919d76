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
import java.util.function.Consumer;
import java.util.function.Function;

/// Routines that go along rows: `out = f(x, y)` element by element, and the norms. Memory: x, y and out;
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

    /// Which rows: of whole vectors, or with an incomplete one at the end, whose mask is behind the numbers.
    private record Rows(Code code, boolean ragged) {

        /// The rows at RAX, RBX and RBP, one after the other.
        Routine each(Runnable row) {
            Assembler a = code.a;
            if (ragged) {
                code.v.tail(Mem.at(RDI, Numbers.MASK));
            }
            a.mov(RAX, RSI);
            a.addFrom(RAX, number(X_START));
            a.mov(RBX, RDX);
            a.addFrom(RBX, number(Y_START));
            a.mov(RBP, RCX);
            a.addFrom(RBP, number(OUT_START));
            a.load(R9, number(ROWS));
            code.repeat(R9, () -> {
                row.run();
                a.addFrom(RAX, number(X_STRIDE));
                a.addFrom(RBX, number(Y_STRIDE));
                a.addFrom(RBP, number(OUT_STRIDE));
            });
            return code.finish();
        }

        /// Runs along the vectors of a row; R10 is the offset in bytes.
        void along(Consumer<Vector> vector) {
            code.a.movImmediate(R10, 0);
            code.a.load(R11, number(VECTORS));
            code.repeatIfAny(R11, () -> {
                vector.accept(new Vector(code.v, false));
                code.a.addImmediate(R10, code.v.bytes());
            });
            if (ragged) {
                vector.accept(new Vector(code.v, true));
            }
        }
    }

    /// A vector of a row, perhaps the incomplete one.
    private record Vector(VectorUnit v, boolean tail) {

        void load(int to, Gpr row) {
            if (tail) {
                v.loadTail(to, here(row));
            } else {
                v.load(to, here(row));
            }
        }

        void store(Gpr row, int from) {
            if (tail) {
                v.storeTail(here(row), from);
            } else {
                v.store(here(row), from);
            }
        }

        /// Lanes that are no part of the row become zero.
        void clear(int register) {
            if (tail) {
                v.clearTail(register);
            }
        }
    }

    private static Mem here(Gpr row) {
        return Mem.at(row, R10, 1, 0);
    }

    /// `out = x op y`.
    static Routine binary(Function<Assembler, VectorUnit> unit, Op op, boolean ragged) {
        Rows rows = new Rows(new Code(unit), ragged);
        return rows.each(() -> rows.along(vector -> {
            vector.load(0, RAX);
            vector.load(1, RBX);
            rows.code.v.op(op, 0, 0, 1);
            vector.store(RBP, 0);
        }));
    }

    /// `out = f(x)`.
    static Routine activation(Function<Assembler, VectorUnit> unit, StandardActivation f, boolean ragged) {
        Rows rows = new Rows(new Code(unit), ragged);
        MathCode math = new MathCode(rows.code);
        return rows.each(() -> rows.along(vector -> {
            vector.load(0, RAX);
            math.activate(f, 0, 1);
            vector.store(RBP, 0);
        }));
    }

    /// `out = x`, whole vectors.
    static Routine copy(Function<Assembler, VectorUnit> unit) {
        Rows rows = new Rows(new Code(unit), false);
        return rows.each(() -> rows.along(vector -> {
            vector.load(0, RAX);
            vector.store(RBP, 0);
        }));
    }

    /// The layer norm, or with `root` the root mean square norm. Its weight and bias have room for whole vectors.
    ///
    /// @param weight whether there is one; it comes first at y
    /// @param bias   whether there is one; it comes after the room for the weight
    static Routine norm(Function<Assembler, VectorUnit> unit, boolean root, boolean weight, boolean bias,
            boolean ragged) {
        Code code = new Code(unit);
        VectorUnit v = code.v;
        Rows rows = new Rows(code, ragged);
        int mean = 0;
        int factor = 1;
        int free = 2;
        return rows.each(() -> {
            mean(rows, root, mean, free);
            v.zero(factor);
            rows.along(vector -> {
                vector.load(free, RAX);
                v.op(Op.SUBPS, free, free, mean);
                vector.clear(free);
                v.op(Op.FMADD231PS, factor, free, free);
            });
            code.sum(factor, free);
            inverseRoot(code, factor, free);
            code.a.mov(R12, RBX);
            code.a.addFrom(R12, number(BIAS));
            rows.along(vector -> {
                vector.load(free, RAX);
                v.op(Op.SUBPS, free, free, mean);
                v.op(Op.MULPS, free, free, factor);
                if (weight) {
                    v.op(Op.MULPS, free, free, here(RBX));
                }
                if (bias) {
                    v.op(Op.ADDPS, free, free, here(R12));
                }
                vector.store(RBP, free);
            });
        });
    }

    private static void mean(Rows rows, boolean root, int mean, int free) {
        Code code = rows.code;
        code.v.zero(mean);
        if (root) {
            return;
        }
        rows.along(vector -> {
            vector.load(free, RAX);
            code.v.op(Op.ADDPS, mean, mean, free);
        });
        code.sum(mean, free);
        code.a.divss(mean, mean, number(COLUMNS));
        code.v.broadcast(mean, mean);
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
