// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

import static io.encoder4j.kernel.arm64.assembler.Gpr.SP;

import java.util.LinkedHashMap;
import java.util.Map;

/// Builds a routine: its instructions, and after them the constants that they read.
public final class RoutineBuilder {

    /// Floats in a vector.
    public static final int LANES = 4;
    /// Bytes in a vector.
    public static final int VECTOR_BYTES = LANES * Float.BYTES;

    /// Registers that a function must preserve (Procedure Call Standard for the Arm 64-bit Architecture) and that routines use.
    private static final Gpr[] PRESERVED = {Gpr.X19, Gpr.X20, Gpr.X21, Gpr.X22, Gpr.X23, Gpr.X24};
    /// The first of the vector registers whose lower 64 bits a function must preserve.
    private static final int FIRST_VECTOR = 8;
    private static final int VECTORS = 8;
    private static final int FRAME = (PRESERVED.length + VECTORS) * Long.BYTES;

    private static final int ALIGNMENT = 16;

    /// The instructions.
    public final Assembler a = new Assembler();
    private final Map<Integer, Label> floats = new LinkedHashMap<>();

    /// A routine that preserves what it must, and has no instructions of its own yet.
    public RoutineBuilder() {
        a.subtractImmediate(SP, SP, FRAME);
        for (int i = 0; i < PRESERVED.length; i += 2) {
            a.storePair(PRESERVED[i], PRESERVED[i + 1], SP, i * Long.BYTES);
        }
        for (int i = 0; i < VECTORS; i += 2) {
            a.storeHalves(FIRST_VECTOR + i, FIRST_VECTOR + i + 1, SP, (PRESERVED.length + i) * Long.BYTES);
        }
    }

    /// Loads this value into all lanes.
    public void load(int to, float value) {
        a.load(to, floats.computeIfAbsent(Float.floatToRawIntBits(value), _ -> new Label()));
    }

    /// A loop that runs `count` times, at least once; leaves `count` zero.
    public void repeat(Gpr count, Runnable body) {
        Label again = new Label();
        a.place(again);
        body.run();
        a.subtractAndCompare(count, count, 1);
        a.branch(Condition.NOT_EQUAL, again);
    }

    /// A loop that runs `count` times, perhaps never.
    public void repeatIfAny(Gpr count, Runnable body) {
        Label none = new Label();
        a.branchIfZero(count, none);
        repeat(count, body);
        a.place(none);
    }

    /// Puts the sum of all lanes into all lanes. The order is by halves, as in the plain kernels.
    public void sum(int register) {
        a.op(Op.FADDP, register, register, register);
        a.op(Op.FADDP, register, register, register);
    }

    /// Adds the return and the constants.
    ///
    /// @return the whole routine, which may lie at any address that is a multiple of 16
    public byte[] finish() {
        for (int i = 0; i < PRESERVED.length; i += 2) {
            a.loadPair(PRESERVED[i], PRESERVED[i + 1], SP, i * Long.BYTES);
        }
        for (int i = 0; i < VECTORS; i += 2) {
            a.loadHalves(FIRST_VECTOR + i, FIRST_VECTOR + i + 1, SP, (PRESERVED.length + i) * Long.BYTES);
        }
        a.addImmediate(SP, SP, FRAME);
        a.ret();
        a.align(ALIGNMENT);
        floats.forEach((bits, label) -> {
            a.place(label);
            for (int lane = 0; lane < LANES; lane++) {
                a.emit(bits);
            }
        });
        return a.code();
    }
}
