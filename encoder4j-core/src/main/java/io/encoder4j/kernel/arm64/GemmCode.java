// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import static io.encoder4j.kernel.arm64.assembler.Gpr.X0;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X1;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X10;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X11;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X12;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X13;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X14;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X15;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X16;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X19;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X2;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X20;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X21;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X22;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X23;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X24;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X3;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X4;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X5;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X6;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X7;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X8;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X9;
import static io.encoder4j.kernel.arm64.assembler.RoutineBuilder.LANES;
import static io.encoder4j.kernel.arm64.assembler.RoutineBuilder.VECTOR_BYTES;

import io.encoder4j.kernel.arm64.assembler.Assembler;
import io.encoder4j.kernel.arm64.assembler.Condition;
import io.encoder4j.kernel.arm64.assembler.Gpr;
import io.encoder4j.kernel.arm64.assembler.Label;
import io.encoder4j.kernel.arm64.assembler.Op;
import io.encoder4j.kernel.arm64.assembler.RoutineBuilder;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.tensor.StandardActivation;

/// `C = A · B` in tiles that are held in registers: some rows by one or two vectors of columns. Four steps of the inner dimension
/// share a load of each row of A, whose lanes are multiplied one after the other with a row of B's panel. With eight rows and two
/// vectors that is a load for each four multiplications, and sixteen chains, as many as four multipliers with a latency of four
/// cycles keep going. Every element of C is one chain of fused multiply-adds in the order of the inner dimension, so its bits do not
/// depend on the tile. See [io.encoder4j.kernel.machine.VectorRoutines#gemm].
///
/// Registers: X1 is the first row of A, X2 the panel, X3 its columns of C, X4 the columns' bias or the rows' factors. X19, X20 and X23
/// are A, C and the factors at the tile.
///
/// @param rows     of a tile, 1 to [#MAX_ROWS]
/// @param vectors  of columns in a tile, 1 or 2
/// @param epilogue applied to a tile before it is stored
record GemmCode(int rows, int vectors, Epilogue epilogue) {

    /// Rows of the tallest tile.
    static final int MAX_ROWS = 8;

    private static final Gpr[] ROWS = {X5, X6, X7, X8, X9, X10, X11, X12};
    private static final int PANEL_BYTES = Gemm.PANEL_VECTORS * VECTOR_BYTES;
    /// The first registers for A's rows, and for B.
    private static final int A_VECTORS = MAX_ROWS * Gemm.PANEL_VECTORS;
    private static final int B_VECTORS = A_VECTORS + MAX_ROWS;

    private int acc(int row, int vector) {
        return row * vectors + vector;
    }

    private static int argument(int index) {
        return index * Long.BYTES;
    }

    byte[] emit() {
        RoutineBuilder code = new RoutineBuilder();
        Assembler a = code.a;
        addArgument(a, X1, Gemm.A_START);
        addArgument(a, X2, Gemm.B_START);
        addArgument(a, X3, Gemm.C_START);
        addArgument(a, X4, Gemm.EXTRA_START);
        a.load(X21, X0, argument(Gemm.A_STRIDE));
        a.load(X22, X0, argument(Gemm.C_STRIDE));
        a.load(X24, X0, argument(Gemm.PANELS));
        code.repeat(X24, () -> {
            a.mov(X19, X1);
            a.mov(X20, X3);
            a.mov(X23, X4);
            a.load(X14, X0, argument(Gemm.TILES));
            code.repeat(X14, () -> tile(code));
            addArgument(a, X2, Gemm.B_ADVANCE);
            a.addImmediate(X3, X3, vectors * VECTOR_BYTES);
            if (epilogue instanceof Epilogue.Finish) {
                a.addImmediate(X4, X4, vectors * VECTOR_BYTES);
            }
        });
        return code.finish();
    }

    private static void addArgument(Assembler a, Gpr to, int index) {
        a.load(X16, X0, argument(index));
        a.add(to, to, X16);
    }

    private void tile(RoutineBuilder code) {
        Assembler a = code.a;
        for (int row = 0; row < rows; row++) {
            a.mov(ROWS[row], X19);
            a.add(X19, X19, X21);
        }
        a.mov(X13, X2);
        for (int i = 0; i < rows * vectors; i++) {
            a.zero(i);
        }
        a.load(X15, X0, argument(Gemm.STEPS));
        Label few = new Label();
        Label many = new Label();
        a.subtractAndCompare(X15, X15, LANES);
        a.branch(Condition.LESS, few);
        a.place(many);
        fourSteps(a);
        a.subtractAndCompare(X15, X15, LANES);
        a.branch(Condition.NOT_LESS, many);
        a.place(few);
        a.addImmediate(X15, X15, LANES);
        code.repeatIfAny(X15, () -> oneStep(a));
        finish(code);
        store(a);
    }

    private void fourSteps(Assembler a) {
        for (int row = 0; row < rows; row++) {
            a.loadAfter(A_VECTORS + row, ROWS[row], VECTOR_BYTES);
        }
        for (int k = 0; k < LANES; k++) {
            multiply(a, B_VECTORS + k * Gemm.PANEL_VECTORS, k);
        }
    }

    private void oneStep(Assembler a) {
        for (int row = 0; row < rows; row++) {
            a.loadFloatAfter(A_VECTORS + row, ROWS[row], Float.BYTES);
        }
        multiply(a, B_VECTORS, 0);
    }

    /// One step: loads a row of B's panel into registers from `b` on, and multiplies it with a lane of A's rows.
    private void multiply(Assembler a, int b, int lane) {
        if (vectors == Gemm.PANEL_VECTORS) {
            a.loadPairAfter(b, b + 1, X13, PANEL_BYTES);
        } else {
            a.loadAfter(b, X13, PANEL_BYTES);
        }
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < vectors; i++) {
                a.multiplyAddLane(acc(row, i), b + i, A_VECTORS + row, lane);
            }
        }
    }

    private void finish(RoutineBuilder code) {
        Assembler a = code.a;
        switch (epilogue) {
            case Epilogue.Finish(boolean bias, StandardActivation activation) -> {
                for (int i = 0; bias && i < vectors; i++) {
                    a.load(A_VECTORS, X4, i * VECTOR_BYTES);
                    for (int row = 0; row < rows; row++) {
                        a.op(Op.FADD, acc(row, i), acc(row, i), A_VECTORS);
                    }
                }
                new MathCode(code).activate(activation, rows * vectors, 0, A_VECTORS);
            }
            case Epilogue.Factors() -> {
                for (int row = 0; row < rows; row++) {
                    a.loadFloatAfter(A_VECTORS, X23, Float.BYTES);
                    for (int i = 0; i < vectors; i++) {
                        a.multiplyLane(acc(row, i), acc(row, i), A_VECTORS, 0);
                    }
                }
            }
        }
    }

    private void store(Assembler a) {
        for (int row = 0; row < rows; row++) {
            if (vectors == Gemm.PANEL_VECTORS) {
                a.storePair(acc(row, 0), acc(row, 1), X20, 0);
            } else {
                a.store(acc(row, 0), X20, 0);
            }
            a.add(X20, X20, X22);
        }
    }
}
