// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.machine.Gemm.A_START;
import static io.encoder4j.kernel.machine.Gemm.A_STRIDE;
import static io.encoder4j.kernel.machine.Gemm.B_ADVANCE;
import static io.encoder4j.kernel.machine.Gemm.B_START;
import static io.encoder4j.kernel.machine.Gemm.C_START;
import static io.encoder4j.kernel.machine.Gemm.C_STRIDE;
import static io.encoder4j.kernel.machine.Gemm.EXTRA_START;
import static io.encoder4j.kernel.machine.Gemm.OWN;
import static io.encoder4j.kernel.machine.Gemm.PANELS;
import static io.encoder4j.kernel.machine.Gemm.PANEL_VECTORS;
import static io.encoder4j.kernel.machine.Gemm.STEPS;
import static io.encoder4j.kernel.machine.Gemm.TILES;
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

import io.encoder4j.kernel.machine.Epilogue;
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

/// `C = A · B` in tiles that are held in registers: some rows by one or two vectors of columns. Each step of the inner dimension
/// loads a row of B's panel, and broadcasts one element for each row of A. Every element of C is one chain of fused
/// multiply-adds in the order of the inner dimension, so its bits do not depend on the tile.
///
/// The routine goes down all tiles of rows, then to the next panel of columns. Memory: A, B's panels, C, and the bias of C's
/// columns or the factors of its rows.
///
/// @param rows     of a tile, 1 to [#maxRows]
/// @param vectors  of columns in a tile, 1 or 2
/// @param pairs    whether A and B hold pairs of bfloat16 instead of floats
/// @param epilogue applied to a tile before it is stored
record GemmCode(int rows, int vectors, boolean pairs, Epilogue epilogue) {

    private static final int EXTRA_FIRST = OWN;
    private static final int A_FIRST = OWN + 1;

    private static final Gpr[] ROW_POINTERS = {R12, R13, R14, R15};
    private static final int ROWS_PER_POINTER = 3;
    private static final int UNROLLED = 4;
    private static final int CACHE_LINE = 64;

    /// Rows of the tallest tile. The registers must also hold a row of B, and four more.
    static int maxRows(int registers) {
        return registers == 32 ? 12 : 6;
    }

    private int acc(int row, int vector) {
        return row * vectors + vector;
    }

    Routine emit(Function<Assembler, VectorUnit> unit) {
        RoutineBuilder code = new RoutineBuilder(unit);
        Assembler a = code.a;
        a.addFrom(RSI, argument(A_START));
        a.store(argument(A_FIRST), RSI);
        a.load(RSI, argument(B_ADVANCE));
        a.addFrom(RDX, argument(B_START));
        a.addFrom(RCX, argument(C_START));
        a.addFrom(R8, argument(EXTRA_START));
        a.store(argument(EXTRA_FIRST), R8);
        a.load(R9, argument(A_STRIDE));
        Label nextPanel = new Label();
        a.place(nextPanel);
        a.load(RAX, argument(A_FIRST));
        a.mov(RBX, RCX);
        a.load(R11, argument(TILES));
        code.repeat(R11, () -> tile(code));
        a.add(RDX, RSI);
        a.addImmediate(RCX, vectors * code.v.bytes());
        if (epilogue instanceof Epilogue.Factors) {
            a.load(R8, argument(EXTRA_FIRST));
        } else {
            a.addImmediate(R8, vectors * code.v.bytes());
        }
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
        a.load(R10, argument(STEPS));
        Label few = new Label();
        Label many = new Label();
        a.addImmediate(R10, -UNROLLED);
        a.jump(Condition.LESS, few);
        a.place(many);
        steps(code, UNROLLED);
        a.addImmediate(R10, -UNROLLED);
        a.jump(Condition.NOT_LESS, many);
        a.place(few);
        a.addImmediate(R10, UNROLLED);
        code.repeatIfAny(R10, () -> steps(code, 1));
        finish(code);
        store(code);
    }

    private void steps(RoutineBuilder code, int count) {
        VectorUnit v = code.v;
        int b = rows * vectors;
        int broadcast = b + vectors;
        int spare = v.registers() - broadcast;
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < vectors; i++) {
                v.load(b + i, Mem.at(RBP, (k * PANEL_VECTORS + i) * v.bytes()));
            }
            // Prefetches the same lines of the next panel: with few rows, weights come from memory.
            for (int line = 0; line < PANEL_VECTORS * v.bytes(); line += CACHE_LINE) {
                code.a.prefetch(Mem.at(RBP, RSI, 1, k * PANEL_VECTORS * v.bytes() + line));
            }
            for (int row = 0; row < rows; row++) {
                int x = broadcast + row % Math.min(spare, 4);
                v.broadcast(x, element(row, k * Float.BYTES));
                for (int i = 0; i < vectors; i++) {
                    v.op(pairs ? Op.DPBF16PS : Op.FMADD231PS, acc(row, i), x, b + i);
                }
            }
        }
        for (int p = 0; p * ROWS_PER_POINTER < rows; p++) {
            code.a.addImmediate(ROW_POINTERS[p], count * Float.BYTES);
        }
        code.a.addImmediate(RBP, count * PANEL_VECTORS * v.bytes());
    }

    private static Mem element(int row, int displacement) {
        Gpr pointer = ROW_POINTERS[row / ROWS_PER_POINTER];
        return row % ROWS_PER_POINTER == 0 ? Mem.at(pointer, displacement)
                : Mem.at(pointer, R9, row % ROWS_PER_POINTER, displacement);
    }

    private void finish(RoutineBuilder code) {
        VectorUnit v = code.v;
        int free = rows * vectors;
        switch (epilogue) {
            case Epilogue.Finish(boolean bias, StandardActivation activation) -> {
                MathCode math = new MathCode(code);
                for (int i = 0; i < rows * vectors; i++) {
                    if (bias) {
                        v.op(Op.ADDPS, i, i, Mem.at(R8, i % vectors * v.bytes()));
                    }
                    math.activate(activation, i, free);
                }
            }
            case Epilogue.Factors() -> {
                for (int row = 0; row < rows; row++) {
                    v.broadcast(free, Mem.at(R8, row * Float.BYTES));
                    for (int i = 0; i < vectors; i++) {
                        v.op(Op.MULPS, acc(row, i), acc(row, i), free);
                    }
                }
                code.a.addImmediate(R8, rows * Float.BYTES);
            }
        }
    }

    private void store(RoutineBuilder code) {
        code.a.load(R10, argument(C_STRIDE));
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < vectors; i++) {
                code.v.store(Mem.at(RBX, i * code.v.bytes()), acc(row, i));
            }
            code.a.add(RBX, R10);
        }
    }
}
