// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.assembler.Gpr.R10;
import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R13;
import static io.encoder4j.kernel.x86.assembler.Gpr.R14;
import static io.encoder4j.kernel.x86.assembler.Gpr.R15;
import static io.encoder4j.kernel.x86.assembler.Gpr.R8;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RCX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.Int8;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Condition;
import io.encoder4j.kernel.x86.assembler.Gpr;
import io.encoder4j.kernel.x86.assembler.Label;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.kernel.x86.assembler.VectorUnit;
import io.encoder4j.tensor.StandardActivation;
import java.util.function.Function;

/// `C = f(A · B + bias)` of whole numbers, as [Int8] defines it, in tiles that are held in registers: some rows by one or two vectors
/// of columns (AVX512_VNNI). A tile has two sets of registers: the whole sums of the group at
/// hand, and the sums of the groups before it, in float32. A step multiplies four values of the inner dimension.
///
/// The routine goes down all tiles of rows, then to the next panel of columns, as [GemmCode]. Memory: A's rows ([QuantiseCode]), B's
/// panels ([Int8Panels]), C, the bias of C's columns.
///
/// @param rows       of a tile, 1 to [#maxRows]
/// @param vectors    of columns in a tile, 1 or 2
/// @param bias       whether there is one
/// @param activation one that [MathCode#fits]
record Int8Code(int rows, int vectors, boolean bias, StandardActivation activation) {

    /// Vectors in a row of a panel.
    static final int PANEL_VECTORS = 2;
    /// Steps of a group.
    static final int STEPS = Int8.GROUP / 4;

    // The arguments of a call.
    static final int A_START = 0;
    static final int A_STRIDE = 1;
    static final int B_START = 2;
    static final int B_ADVANCE = 3;
    static final int C_START = 4;
    static final int C_STRIDE = 5;
    static final int BIAS_START = 6;
    static final int TILES = 7;
    static final int PANELS = 8;
    static final int GROUPS = 9;
    private static final int A_FIRST = 10;

    private static final Gpr[] ROW_POINTERS = {R12, R13, R14};
    private static final int ROWS_PER_POINTER = 3;
    private static final int CACHE_LINE = 64;

    /// Rows of the tallest tile.
    static int maxRows(int registers) {
        return registers == 32 ? 7 : 3;
    }

    private int sum(int row, int vector) {
        return row * vectors + vector;
    }

    private int whole(int row, int vector) {
        return (rows + row) * vectors + vector;
    }

    Routine emit(Function<Assembler, VectorUnit> unit) {
        RoutineBuilder code = new RoutineBuilder(unit);
        Assembler a = code.a;
        a.addFrom(RSI, argument(A_START));
        a.store(argument(A_FIRST), RSI);
        a.load(RSI, argument(B_ADVANCE));
        a.addFrom(RDX, argument(B_START));
        a.addFrom(RCX, argument(C_START));
        a.addFrom(R8, argument(BIAS_START));
        a.load(R9, argument(A_STRIDE));
        a.load(R15, argument(C_STRIDE));
        Label nextPanel = new Label();
        a.place(nextPanel);
        a.load(RAX, argument(A_FIRST));
        a.mov(RBX, RCX);
        a.load(R11, argument(TILES));
        code.repeat(R11, () -> tile(code));
        a.add(RDX, RSI);
        a.addImmediate(RCX, vectors * code.v.bytes());
        a.addImmediate(R8, vectors * code.v.bytes());
        a.load(R10, argument(PANELS));
        a.addImmediate(R10, -1);
        a.store(argument(PANELS), R10);
        a.jump(Condition.NOT_EQUAL, nextPanel);
        return code.finish();
    }

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    private void tile(RoutineBuilder code) {
        Assembler a = code.a;
        for (int p = 0; p * ROWS_PER_POINTER < rows; p++) {
            a.mov(ROW_POINTERS[p], RAX);
            for (int i = 0; i < ROWS_PER_POINTER; i++) {
                if (p * ROWS_PER_POINTER + i < rows) {
                    a.add(RAX, R9);
                }
            }
        }
        a.mov(RBP, RDX);
        for (int i = 0; i < rows * vectors; i++) {
            code.v.zero(i);
        }
        a.load(R10, argument(GROUPS));
        code.repeat(R10, () -> {
            for (int i = 0; i < rows * vectors; i++) {
                code.v.zero(rows * vectors + i);
            }
            for (int step = 0; step < STEPS; step++) {
                step(code, step);
            }
            addGroup(code);
            for (int p = 0; p * ROWS_PER_POINTER < rows; p++) {
                a.addImmediate(ROW_POINTERS[p], QuantiseCode.GROUP_BYTES);
            }
            a.addImmediate(RBP, (STEPS + 2) * PANEL_VECTORS * code.v.bytes());
        });
        finish(code);
    }

    private int column() {
        return 2 * rows * vectors;
    }

    private int broadcast(RoutineBuilder code, int row) {
        int first = column() + vectors;
        return first + row % Math.min(code.v.registers() - first, 4);
    }

    private void step(RoutineBuilder code, int step) {
        VectorUnit v = code.v;
        int start = step * PANEL_VECTORS * v.bytes();
        columns(code, step);
        // Prefetches the same lines of the next panel: with few rows, weights come from memory.
        for (int line = 0; line < PANEL_VECTORS * v.bytes(); line += CACHE_LINE) {
            code.a.prefetch(Mem.at(RBP, RSI, 1, start + line));
        }
        for (int row = 0; row < rows; row++) {
            int x = broadcast(code, row);
            v.broadcast(x, element(row, step * Integer.BYTES));
            for (int i = 0; i < vectors; i++) {
                v.op(Op.PDPBUSD, whole(row, i), x, column() + i);
            }
        }
    }

    /// Loads row `index` of the group of the panel.
    private void columns(RoutineBuilder code, int index) {
        for (int i = 0; i < vectors; i++) {
            code.v.load(column() + i, Mem.at(RBP, (index * PANEL_VECTORS + i) * code.v.bytes()));
        }
    }

    /// Takes the zero points off, and adds the group to the sums.
    private void addGroup(RoutineBuilder code) {
        VectorUnit v = code.v;
        columns(code, STEPS);
        for (int row = 0; row < rows; row++) {
            int zero = broadcast(code, row);
            v.broadcast(zero, element(row, QuantiseCode.ZERO));
            for (int i = 0; i < vectors; i++) {
                v.op(Op.PDPWSSD, whole(row, i), zero, column() + i);
            }
        }
        columns(code, STEPS + 1);
        for (int row = 0; row < rows; row++) {
            int scale = broadcast(code, row);
            v.broadcast(scale, element(row, QuantiseCode.SCALE));
            for (int i = 0; i < vectors; i++) {
                int whole = whole(row, i);
                v.toFloat(whole, whole);
                v.op(Op.MULPS, whole, whole, column() + i);
                v.op(Op.FMADD231PS, sum(row, i), whole, scale);
            }
        }
    }

    private static Mem element(int row, int displacement) {
        Gpr pointer = ROW_POINTERS[row / ROWS_PER_POINTER];
        return row % ROWS_PER_POINTER == 0 ? Mem.at(pointer, displacement)
                : Mem.at(pointer, R9, row % ROWS_PER_POINTER, displacement);
    }

    private void finish(RoutineBuilder code) {
        VectorUnit v = code.v;
        MathCode math = new MathCode(code);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < vectors; i++) {
                if (bias) {
                    v.op(Op.ADDPS, sum(row, i), sum(row, i), Mem.at(R8, i * v.bytes()));
                }
                math.activate(activation, sum(row, i), rows * vectors);
                v.store(Mem.at(RBX, i * v.bytes()), sum(row, i));
            }
            code.a.add(RBX, R15);
        }
    }
}
