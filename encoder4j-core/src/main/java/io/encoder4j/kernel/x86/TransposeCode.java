// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.machine.Transpose.FROM_START;
import static io.encoder4j.kernel.machine.Transpose.FROM_STRIDE;
import static io.encoder4j.kernel.machine.Transpose.TO_START;
import static io.encoder4j.kernel.machine.Transpose.TO_STRIDE;
import static io.encoder4j.kernel.machine.Transpose.VECTORS;
import static io.encoder4j.kernel.x86.assembler.Gpr.R10;
import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.kernel.x86.assembler.VectorUnit;
import java.util.function.Function;

/// Transposes [VectorUnit#lanes] rows of whole vectors: each column becomes a vector of a panel. Memory: the rows, the panel.
final class TransposeCode {

    private TransposeCode() { }

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    static Routine emit(Function<Assembler, VectorUnit> unit) {
        RoutineBuilder code = new RoutineBuilder(unit);
        Assembler a = code.a;
        VectorUnit v = code.v;
        a.addFrom(RSI, argument(FROM_START));
        a.addFrom(RDX, argument(TO_START));
        a.load(R9, argument(FROM_STRIDE));
        a.load(R10, argument(TO_STRIDE));
        a.load(R11, argument(VECTORS));
        code.repeat(R11, () -> {
            a.mov(RAX, RSI);
            for (int row = 0; row < v.lanes(); row++) {
                v.load(row, Mem.at(RAX));
                a.add(RAX, R9);
            }
            int result = v.transpose(0, v.lanes());
            a.mov(RBX, RDX);
            for (int column = 0; column < v.lanes(); column++) {
                v.store(Mem.at(RBX), result + column);
                a.add(RBX, R10);
            }
            a.mov(RDX, RBX);
            a.addImmediate(RSI, v.bytes());
        });
        return code.finish();
    }
}
