// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.Int8;
import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Avx512;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;
import io.encoder4j.kernel.x86.assembler.VectorUnit;

/// Quantises rows of any length, as [Int8#row] defines it (AVX-512). A group of 64 values becomes 72 bytes: 64 bytes `u`, the scale
/// as a float, `zero` as a whole number of 32 bits. Memory: x, out.
final class QuantiseCode {

    // The arguments of a call.
    static final int X_START = 0;
    static final int X_STRIDE = 1;
    static final int OUT_START = 2;
    static final int OUT_STRIDE = 3;
    static final int ROWS = 4;
    /// Groups of a row but the last.
    static final int GROUPS = 5;
    /// The last group's four masks, each with a bit for every element of a vector. They take an argument each.
    static final int MASKS = 6;

    /// Bytes of a group.
    static final int GROUP_BYTES = Int8.GROUP + 8;
    /// Where a group's scale and zero are.
    static final int SCALE = Int8.GROUP;
    static final int ZERO = Int8.GROUP + 4;

    private static final int VECTORS = 4;
    private static final int LANES = 16;
    // Registers: four of values, and these.
    private static final int LOW = 4;
    private static final int HIGH = 5;
    private static final int POISON = 6;
    private static final int NOTHING = 7;
    private static final int FREE = 8;
    private static final int FACTOR = 9;

    private QuantiseCode() { }

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    static Routine emit() {
        RoutineBuilder code = new RoutineBuilder(Avx512::new);
        Assembler a = code.a;
        a.mov(RAX, RSI);
        a.addFrom(RAX, argument(X_START));
        a.mov(RBX, RDX);
        a.addFrom(RBX, argument(OUT_START));
        for (int i = 0; i < VECTORS; i++) {
            a.loadMask(1 + i, argument(MASKS + i));
        }
        code.v.zero(NOTHING);
        a.load(R9, argument(ROWS));
        code.repeat(R9, () -> {
            a.mov(R12, RAX);
            a.mov(RBP, RBX);
            a.load(R11, argument(GROUPS));
            code.repeatIfAny(R11, () -> {
                for (int i = 0; i < VECTORS; i++) {
                    a.zmmLoad(i, Mem.at(R12, i * code.v.bytes()));
                }
                group(code);
                a.addImmediate(R12, VECTORS * code.v.bytes());
                a.addImmediate(RBP, GROUP_BYTES);
            });
            for (int i = 0; i < VECTORS; i++) {
                a.zmmLoad(i, 1 + i, Mem.at(R12, i * code.v.bytes()));
            }
            group(code);
            a.addFrom(RAX, argument(X_STRIDE));
            a.addFrom(RBX, argument(OUT_STRIDE));
        });
        return code.finish();
    }

    private static void group(RoutineBuilder code) {
        VectorUnit v = code.v;
        range(code);
        // The factor, from the range in HIGH.
        v.load(FREE, code.constant(Int8.LEVELS));
        v.op(Op.DIVPS, FACTOR, FREE, HIGH);
        v.op(Op.MULPS, HIGH, HIGH, code.constant(Int8.STEP));
        v.op(Op.ADDPS, HIGH, HIGH, POISON);
        code.a.storess(Mem.at(RBP, SCALE), HIGH);
        v.op(Op.MULPS, LOW, LOW, FACTOR);
        code.a.zmmToInt(LOW, LOW);
        v.op(Op.PSUBD, LOW, NOTHING, LOW);
        code.a.storess(Mem.at(RBP, ZERO), LOW);
        for (int i = 0; i < VECTORS; i++) {
            v.op(Op.MULPS, i, i, FACTOR);
            code.a.zmmToInt(i, i);
            v.op(Op.PADDD, i, i, LOW);
            code.a.zmmStoreBytes(Mem.at(RBP, i * LANES), i);
        }
    }

    /// LOW becomes the least value or 0, HIGH the range, POISON 0 or NaN, in all lanes.
    private static void range(RoutineBuilder code) {
        VectorUnit v = code.v;
        v.zero(LOW);
        v.zero(HIGH);
        v.zero(POISON);
        for (int i = 0; i < VECTORS; i++) {
            // A value that is no number gives the second source.
            v.op(Op.MINPS, LOW, i, LOW);
            v.op(Op.MAXPS, HIGH, i, HIGH);
            v.op(Op.FMADD231PS, POISON, i, NOTHING);
        }
        code.reduce(Op.MINPS, LOW, FREE);
        code.reduce(Op.MAXPS, HIGH, FREE);
        code.sum(POISON, FREE);
        v.op(Op.SUBPS, HIGH, HIGH, LOW);
        v.op(Op.MAXPS, HIGH, HIGH, code.constant(Int8.SMALLEST));
    }
}
