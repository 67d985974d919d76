// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static io.encoder4j.kernel.x86.assembler.Gpr.R11;
import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R8;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;

import io.encoder4j.kernel.routine.Routine;
import io.encoder4j.kernel.x86.assembler.Assembler;
import io.encoder4j.kernel.x86.assembler.Avx512;
import io.encoder4j.kernel.x86.assembler.Mem;
import io.encoder4j.kernel.x86.assembler.Op;
import io.encoder4j.kernel.x86.assembler.RoutineBuilder;

/// Rounds rows of any length to bfloat16, nearest even, and pads them with zeros (AVX512_BF16). If split, the remainder is
/// rounded and written as well: `x ≈ high + low` with an error of at most 2⁻¹⁶ · abs(x). Subnormal values become zero. Memory:
/// x, out.
///
/// @param split whether to write the low part too
record RoundCode(boolean split) {

    // The arguments of a call.
    static final int X_START = 0;
    static final int X_STRIDE = 1;
    static final int OUT_START = 2;
    static final int OUT_STRIDE = 3;
    /// Bytes from a high part to its low part.
    static final int LOW = 4;
    static final int ROWS = 5;
    /// Vectors of a row but the last.
    static final int VECTORS = 6;
    /// A bit for each element of the last vector.
    static final int MASK = 7;
    /// Vectors of zeros that follow.
    static final int ZEROS = 8;

    /// Elements written together; rows are padded to a multiple.
    static final int LANES = 16;

    private static final int LAST = 1;
    private static final int X = 0;
    private static final int ROUNDED = 1;
    private static final int BACK = 2;
    private static final int ZERO = 3;
    private static final int HALF = 16;
    private static final int OUT_BYTES = LANES * Short.BYTES;

    private static Mem argument(int index) {
        return Mem.at(RDI, index * Long.BYTES);
    }

    Routine emit() {
        RoutineBuilder code = new RoutineBuilder(Avx512::new);
        Assembler a = code.a;
        a.mov(RAX, RSI);
        a.addFrom(RAX, argument(X_START));
        a.mov(RBX, RDX);
        a.addFrom(RBX, argument(OUT_START));
        a.load(R8, argument(LOW));
        a.loadMask(LAST, argument(MASK));
        code.v.zero(ZERO);
        a.load(R9, argument(ROWS));
        code.repeat(R9, () -> {
            a.mov(R12, RAX);
            a.mov(RBP, RBX);
            a.load(R11, argument(VECTORS));
            code.repeatIfAny(R11, () -> {
                a.zmmLoad(X, Mem.at(R12));
                write(code);
                a.addImmediate(R12, code.v.bytes());
            });
            a.zmmLoad(X, LAST, Mem.at(R12));
            write(code);
            a.load(R11, argument(ZEROS));
            code.repeatIfAny(R11, () -> {
                a.ymmStore(Mem.at(RBP), ZERO);
                if (split) {
                    a.ymmStore(Mem.at(RBP, R8, 1, 0), ZERO);
                }
                a.addImmediate(RBP, OUT_BYTES);
            });
            a.addFrom(RAX, argument(X_STRIDE));
            a.addFrom(RBX, argument(OUT_STRIDE));
        });
        return code.finish();
    }

    private void write(RoutineBuilder code) {
        Assembler a = code.a;
        a.zmmToBfloat16(ROUNDED, X);
        a.ymmStore(Mem.at(RBP), ROUNDED);
        if (split) {
            a.zmmWiden(BACK, ROUNDED);
            a.zmmShiftLeft(BACK, BACK, HALF);
            // Exact: the remainder has no more bits than the float had.
            a.zmm(Op.SUBPS, X, X, BACK);
            a.zmmToBfloat16(ROUNDED, X);
            a.ymmStore(Mem.at(RBP, R8, 1, 0), ROUNDED);
        }
        a.addImmediate(RBP, OUT_BYTES);
    }
}
