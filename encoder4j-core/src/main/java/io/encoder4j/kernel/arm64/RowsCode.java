// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import static io.encoder4j.kernel.arm64.assembler.Gpr.X0;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X1;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X10;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X11;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X12;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X13;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X14;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X16;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X2;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X3;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X9;
import static io.encoder4j.kernel.arm64.assembler.RoutineBuilder.LANES;
import static io.encoder4j.kernel.arm64.assembler.RoutineBuilder.VECTOR_BYTES;

import io.encoder4j.kernel.arm64.assembler.Assembler;
import io.encoder4j.kernel.arm64.assembler.Gpr;
import io.encoder4j.kernel.arm64.assembler.Op;
import io.encoder4j.kernel.arm64.assembler.RoutineBuilder;
import io.encoder4j.kernel.machine.RowsArguments;
import io.encoder4j.kernel.machine.Transpose;

/// Routines that move rows: see [io.encoder4j.kernel.machine.VectorRoutines#copy] and
/// [io.encoder4j.kernel.machine.VectorRoutines#transpose].
final class RowsCode {

    private RowsCode() { }

    private static int argument(int index) {
        return index * Long.BYTES;
    }

    private static void addArgument(Assembler a, Gpr to, int index) {
        a.load(X16, X0, argument(index));
        a.add(to, to, X16);
    }

    static byte[] copy() {
        RoutineBuilder code = new RoutineBuilder();
        Assembler a = code.a;
        addArgument(a, X1, RowsArguments.X_START);
        addArgument(a, X3, RowsArguments.OUT_START);
        a.load(X9, X0, argument(RowsArguments.ROWS));
        code.repeat(X9, () -> {
            a.mov(X11, X1);
            a.mov(X12, X3);
            a.load(X10, X0, argument(RowsArguments.VECTORS));
            code.repeatIfAny(X10, () -> {
                a.loadAfter(0, X11, VECTOR_BYTES);
                a.storeAfter(0, X12, VECTOR_BYTES);
            });
            addArgument(a, X1, RowsArguments.X_STRIDE);
            addArgument(a, X3, RowsArguments.OUT_STRIDE);
        });
        return code.finish();
    }

    /// A square of four vectors at a time.
    static byte[] transpose() {
        RoutineBuilder code = new RoutineBuilder();
        Assembler a = code.a;
        addArgument(a, X1, Transpose.FROM_START);
        addArgument(a, X2, Transpose.TO_START);
        a.load(X13, X0, argument(Transpose.FROM_STRIDE));
        a.load(X14, X0, argument(Transpose.TO_STRIDE));
        a.load(X9, X0, argument(Transpose.VECTORS));
        code.repeat(X9, () -> {
            a.mov(X11, X1);
            for (int row = 0; row < LANES; row++) {
                a.load(row, X11, 0);
                a.add(X11, X11, X13);
            }
            // Rows 0 and 2 alternating, and rows 1 and 3.
            a.op(Op.ZIP1, 4, 0, 2);
            a.op(Op.ZIP2, 5, 0, 2);
            a.op(Op.ZIP1, 6, 1, 3);
            a.op(Op.ZIP2, 7, 1, 3);
            a.op(Op.ZIP1, 0, 4, 6);
            a.op(Op.ZIP2, 1, 4, 6);
            a.op(Op.ZIP1, 2, 5, 7);
            a.op(Op.ZIP2, 3, 5, 7);
            for (int column = 0; column < LANES; column++) {
                a.store(column, X2, 0);
                a.add(X2, X2, X14);
            }
            a.addImmediate(X1, X1, VECTOR_BYTES);
        });
        return code.finish();
    }
}
