// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.machine.RowsArguments.BIAS;
import static io.encoder4j.kernel.machine.RowsArguments.COLUMNS;
import static io.encoder4j.kernel.machine.RowsArguments.EPS;
import static io.encoder4j.kernel.machine.RowsArguments.ONE;
import static io.encoder4j.kernel.machine.RowsArguments.OUT_START;
import static io.encoder4j.kernel.machine.RowsArguments.OUT_STRIDE;
import static io.encoder4j.kernel.machine.RowsArguments.ROWS;
import static io.encoder4j.kernel.machine.RowsArguments.VECTORS;
import static io.encoder4j.kernel.machine.RowsArguments.X_START;
import static io.encoder4j.kernel.machine.RowsArguments.X_STRIDE;
import static io.encoder4j.kernel.machine.RowsArguments.Y_START;
import static io.encoder4j.kernel.machine.RowsArguments.Y_STRIDE;
import static io.encoder4j.kernel.x86.assembler.Gpr.R10;
import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RCX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Gpr;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.kernel.x86.assembler.VectorUnit;
import io.encoder4j.tensor.StandardActivation;
import java.util.function.Consumer;
import java.util.function.Function;

/// Routines that go along rows: `out = f(x, y)` element by element, and the norms. Memory: x, y and out. A norm's y is its weight
/// followed by its bias.
final class RowsCode {

    private RowsCode() { }

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    /// Rows of whole vectors, or `ragged` ones that end with an incomplete vector. Its mask is behind the arguments.
    private record Rows(RoutineBuilder code, boolean ragged) {

        /// Runs `row` for each row, with RAX, RBX and RBP at x, y and out.
        Routine each(Runnable row) {
            Assembler a = code.a;
            if (ragged) {
                code.v.tail(Mem.at(RDI, CallArguments.MASK));
            }
            a.mov(RAX, RSI);
            a.addFrom(RAX, argument(X_START));
            a.mov(RBX, RDX);
            a.addFrom(RBX, argument(Y_START));
            a.mov(RBP, RCX);
            a.addFrom(RBP, argument(OUT_START));
            a.load(R9, argument(ROWS));
            code.repeat(R9, () -> {
                row.run();
                a.addFrom(RAX, argument(X_STRIDE));
                a.addFrom(RBX, argument(Y_STRIDE));
                a.addFrom(RBP, argument(OUT_STRIDE));
            });
            return code.finish();
        }

        /// Runs `vector` for each vector of a row. R10 is its offset in bytes.
        void along(Consumer<Vector> vector) {
            code.a.movImmediate(R10, 0);
            code.a.load(R11, argument(VECTORS));
            code.repeatIfAny(R11, () -> {
                vector.accept(new Vector(code.v, false));
                code.a.addImmediate(R10, code.v.bytes());
            });
            if (ragged) {
                vector.accept(new Vector(code.v, true));
            }
        }
    }

    /// A vector of a row; the last may be incomplete.
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

        /// Sets the lanes outside the row to zero.
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
        Rows rows = new Rows(new RoutineBuilder(unit), ragged);
        return rows.each(() -> rows.along(vector -> {
            vector.load(0, RAX);
            vector.load(1, RBX);
            rows.code.v.op(op, 0, 0, 1);
            vector.store(RBP, 0);
        }));
    }

    /// `out = f(x)`.
    static Routine activation(Function<Assembler, VectorUnit> unit, StandardActivation f, boolean ragged) {
        Rows rows = new Rows(new RoutineBuilder(unit), ragged);
        MathCode math = new MathCode(rows.code);
        return rows.each(() -> rows.along(vector -> {
            vector.load(0, RAX);
            math.activate(f, 0, 1);
            vector.store(RBP, 0);
        }));
    }

    /// `out = x`, whole vectors.
    static Routine copy(Function<Assembler, VectorUnit> unit) {
        Rows rows = new Rows(new RoutineBuilder(unit), false);
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
        RoutineBuilder code = new RoutineBuilder(unit);
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
            code.a.addFrom(R12, argument(BIAS));
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
        RoutineBuilder code = rows.code;
        code.v.zero(mean);
        if (root) {
            return;
        }
        rows.along(vector -> {
            vector.load(free, RAX);
            code.v.op(Op.ADDPS, mean, mean, free);
        });
        code.sum(mean, free);
        code.a.divss(mean, mean, argument(COLUMNS));
        code.v.broadcast(mean, mean);
    }

    /// `1 / √(sum / columns + eps)` in all lanes, computed in double as in the other kernels.
    private static void inverseRoot(RoutineBuilder code, int sum, int free) {
        Assembler a = code.a;
        a.divss(sum, sum, argument(COLUMNS));
        a.floatToDouble(sum, sum);
        a.addsd(sum, sum, argument(EPS));
        a.sqrtsd(sum, sum);
        a.loadsd(free, argument(ONE));
        a.divsd(sum, free, sum);
        a.doubleToFloat(sum, sum);
        code.v.broadcast(sum, sum);
    }
}
