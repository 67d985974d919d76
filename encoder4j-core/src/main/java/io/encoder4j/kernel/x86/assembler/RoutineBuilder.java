// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import io.encoder4j.kernel.routine.Routine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Builds a routine: its instructions, and after them the constants that they read.
public final class RoutineBuilder {

    /// Registers that a function must preserve (System V calling convention).
    private static final Gpr[] PRESERVED = {Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15};

    private static final int ALIGNMENT = 64;

    /// The instructions.
    public final Assembler a = new Assembler();
    /// The instructions on vectors.
    public final VectorUnit v;
    private final Map<Integer, Label> floats = new LinkedHashMap<>();
    private final Map<Label, int[]> tables = new LinkedHashMap<>();

    public RoutineBuilder(Function<Assembler, VectorUnit> unit) {
        v = unit.apply(a);
        for (Gpr register : PRESERVED) {
            a.push(register);
        }
    }

    /// An operand that has this value in all lanes.
    public Mem constant(float value) {
        return Mem.at(floats.computeIfAbsent(Float.floatToRawIntBits(value), _ -> new Label()));
    }

    /// An operand of sixteen words, which are stored behind the code.
    public Mem table(int... words) {
        Label label = new Label();
        tables.put(label, words);
        return Mem.at(label);
    }

    /// A loop that runs `count` times, at least once; leaves `count` zero.
    public void repeat(Gpr count, Runnable body) {
        Label again = new Label();
        a.place(again);
        body.run();
        a.addImmediate(count, -1);
        a.jump(Condition.NOT_EQUAL, again);
    }

    /// A loop that runs `count` times, perhaps never.
    public void repeatIfAny(Gpr count, Runnable body) {
        Label none = new Label();
        a.compareImmediate(count, 0);
        a.jump(Condition.EQUAL, none);
        repeat(count, body);
        a.place(none);
    }

    /// Puts the sum of all lanes into all lanes. The order is by halves, as in the plain kernels.
    public void sum(int register, int free) {
        reduce(Op.ADDPS, register, free);
    }

    /// Combines all lanes with an operation, and puts the result into all lanes.
    public void reduce(Op op, int register, int free) {
        for (int half = 1; half < v.lanes(); half <<= 1) {
            v.swap(free, register, half);
            v.op(op, register, register, free);
        }
    }

    /// Adds the return and the constants, and makes the code executable.
    public Routine finish() {
        // Without it, SSE instructions of the caller would be slow.
        a.vzeroupper();
        for (int i = PRESERVED.length - 1; i >= 0; i--) {
            a.pop(PRESERVED[i]);
        }
        a.ret();
        a.align(ALIGNMENT);
        floats.forEach((bits, label) -> {
            a.place(label);
            for (int lane = 0; lane < v.lanes(); lane++) {
                a.emit32(bits);
            }
        });
        tables.forEach((label, words) -> {
            a.place(label);
            for (int word : words) {
                a.emit32(word);
            }
        });
        return Routine.of(a.code());
    }
}
