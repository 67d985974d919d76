// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

import static io.encoder4j.kernel.arm64.assembler.Gpr.SP;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X0;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X13;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X2;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X21;
import static io.encoder4j.kernel.arm64.assembler.Gpr.X30;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Every instruction the assembler has, as people write it and as the assembler is asked for it. Its `main` prints the text
/// for `tools/goldens/arm64-bytes.sh`.
final class Arm64AssemblerCases {

    /// From an instruction to the place it names.
    static final int LABEL_DISTANCE = 0x1240;

    /// @param text as GNU as takes it
    /// @param emit asks for the same; the label is [#LABEL_DISTANCE] after the instruction's first byte
    record Case(String text, BiConsumer<Assembler, Label> emit) { }

    private static final Gpr[][] GENERAL = {{X0, X13, X2}, {X13, X30, X21}, {X30, X2, X0}, {X21, X0, X30}};
    private static final int[][] VECTORS = {{0, 1, 2}, {7, 15, 24}, {15, 24, 31}, {31, 16, 8}, {16, 8, 23}, {24, 31, 0}};

    private final List<Case> cases = new ArrayList<>();

    static List<Case> all() {
        Arm64AssemblerCases all = new Arm64AssemblerCases();
        all.general();
        all.immediates();
        all.jumpsAndCaches();
        all.memory();
        all.pairs();
        all.threeRegisters();
        all.otherVectors();
        return all.cases;
    }

    private void add(String text, Consumer<Assembler> emit) {
        cases.add(new Case(text, (a, _) -> emit.accept(a)));
    }

    private static String name(Gpr register) {
        return register.name().toLowerCase(Locale.ROOT);
    }

    private void general() {
        for (Gpr[] r : GENERAL) {
            add("mov %s, %s".formatted(name(r[0]), name(r[1])), a -> a.mov(r[0], r[1]));
            add("add %s, %s, %s".formatted(name(r[0]), name(r[1]), name(r[2])), a -> a.add(r[0], r[1], r[2]));
        }
    }

    private void immediates() {
        for (Gpr[] r : GENERAL) {
            for (int value : new int[] {0, 1, 112, 4095}) {
                String operands = "%s, %s, #%d".formatted(name(r[0]), name(r[1]), value);
                add("add " + operands, a -> a.addImmediate(r[0], r[1], value));
                add("sub " + operands, a -> a.subtractImmediate(r[0], r[1], value));
                add("subs " + operands, a -> a.subtractAndCompare(r[0], r[1], value));
            }
            for (int value : new int[] {0, 64, 65535}) {
                add("movz %s, #%d".formatted(name(r[0]), value), a -> a.movImmediate(r[0], value));
            }
        }
        add("add sp, sp, #112", a -> a.addImmediate(SP, SP, 112));
        add("add x21, sp, #0", a -> a.addImmediate(X21, SP, 0));
        add("sub sp, sp, #112", a -> a.subtractImmediate(SP, SP, 112));
        add("subs x2, sp, #16", a -> a.subtractAndCompare(X2, SP, 16));
    }

    private void jumpsAndCaches() {
        for (Condition condition : Condition.values()) {
            String suffix = switch (condition) {
                case EQUAL -> "eq";
                case NOT_EQUAL -> "ne";
                case NOT_LESS -> "ge";
                case LESS -> "lt";
            };
            cases.add(new Case("b." + suffix + " .+" + LABEL_DISTANCE, (a, label) -> a.branch(condition, label)));
        }
        for (Gpr[] r : GENERAL) {
            cases.add(new Case("cbz %s, .+%d".formatted(name(r[0]), LABEL_DISTANCE), (a, label) -> a.branchIfZero(r[0], label)));
            cases.add(new Case("cbnz %s, .+%d".formatted(name(r[0]), LABEL_DISTANCE), (a, label) -> a.branchIfNotZero(r[0], label)));
            add("dc cvau, " + name(r[0]), a -> a.cleanData(r[0]));
            add("ic ivau, " + name(r[0]), a -> a.forgetInstructions(r[0]));
        }
        for (int[] v : VECTORS) {
            cases.add(new Case("ldr q%d, .+%d".formatted(v[0], LABEL_DISTANCE), (a, label) -> a.load(v[0], label)));
        }
        add("ret", Assembler::ret);
        add("dsb ish", Assembler::waitForCaches);
        add("isb", Assembler::forgetFetched);
    }

    private void memory() {
        for (Gpr base : new Gpr[] {X0, X13, X30, SP}) {
            for (Gpr[] r : GENERAL) {
                for (int at : new int[] {0, 8, 104, 32760}) {
                    add("ldr %s, [%s, #%d]".formatted(name(r[0]), name(base), at), a -> a.load(r[0], base, at));
                    add("str %s, [%s, #%d]".formatted(name(r[0]), name(base), at), a -> a.store(r[0], base, at));
                }
            }
            for (int[] v : VECTORS) {
                for (int at : new int[] {0, 16, 65520}) {
                    add("ldr q%d, [%s, #%d]".formatted(v[0], name(base), at), a -> a.load(v[0], base, at));
                    add("str q%d, [%s, #%d]".formatted(v[0], name(base), at), a -> a.store(v[0], base, at));
                }
                for (int step : new int[] {16, 32, 255, -256}) {
                    String after = ", [%s], #%d".formatted(name(base), step);
                    add("ldr q" + v[0] + after, a -> a.loadAfter(v[0], base, step));
                    add("str q" + v[0] + after, a -> a.storeAfter(v[0], base, step));
                    add("ldr s" + v[0] + after, a -> a.loadFloatAfter(v[0], base, step));
                    add("str s" + v[0] + after, a -> a.storeFloatAfter(v[0], base, step));
                }
                for (int at : new int[] {0, 64, 16380}) {
                    add("ldr s%d, [%s, #%d]".formatted(v[0], name(base), at), a -> a.loadFloat(v[0], base, at));
                }
            }
        }
    }

    private void pairs() {
        for (Gpr base : new Gpr[] {X0, X13, SP}) {
            for (Gpr[] r : GENERAL) {
                for (int at : new int[] {0, 16, 504, -512}) {
                    String operands = "%s, %s, [%s, #%d]".formatted(name(r[0]), name(r[1]), name(base), at);
                    add("stp " + operands, a -> a.storePair(r[0], r[1], base, at));
                    add("ldp " + operands, a -> a.loadPair(r[0], r[1], base, at));
                }
            }
            for (int[] v : VECTORS) {
                for (int at : new int[] {0, 32, 496, -512}) {
                    String vectors = "q%d, q%d, [%s".formatted(v[0], v[1], name(base));
                    String halves = "d%d, d%d, [%s, #%d]".formatted(v[0], v[1], name(base), at);
                    add("ldp %s], #%d".formatted(vectors, at), a -> a.loadPairAfter(v[0], v[1], base, at));
                    add("stp %s, #%d]".formatted(vectors, at), a -> a.storePair(v[0], v[1], base, at));
                    add("stp " + halves, a -> a.storeHalves(v[0], v[1], base, at));
                    add("ldp " + halves, a -> a.loadHalves(v[0], v[1], base, at));
                }
            }
        }
    }

    private void threeRegisters() {
        for (int[] v : VECTORS) {
            for (Op op : Op.values()) {
                String kind = op.ofBits() ? "16b" : "4s";
                add("%s v%d.%s, v%d.%s, v%d.%s".formatted(op.name().toLowerCase(Locale.ROOT), v[0], kind, v[1], kind, v[2], kind),
                        a -> a.op(op, v[0], v[1], v[2]));
            }
            for (int lane = 0; lane < 4; lane++) {
                int which = lane;
                String operands = "v%d.4s, v%d.4s, v%d.s[%d]".formatted(v[0], v[1], v[2], lane);
                add("fmla " + operands, a -> a.multiplyAddLane(v[0], v[1], v[2], which));
                add("fmul " + operands, a -> a.multiplyLane(v[0], v[1], v[2], which));
            }
        }
    }

    private void otherVectors() {
        for (int[] v : VECTORS) {
            String two = "v%d.4s, v%d.4s".formatted(v[0], v[1]);
            add("movi v%d.2d, #0".formatted(v[0]), a -> a.zero(v[0]));
            add("mov v%d.16b, v%d.16b".formatted(v[0], v[1]), a -> a.move(v[0], v[1]));
            add("dup v%d.4s, v%d.s[0]".formatted(v[0], v[1]), a -> a.broadcast(v[0], v[1]));
            add("fabs " + two, a -> a.absolute(v[0], v[1]));
            add("fcmlt " + two + ", #0.0", a -> a.isNegative(v[0], v[1]));
            for (int bits : new int[] {0, 1, 23, 31}) {
                add("shl " + two + ", #" + bits, a -> a.shiftLeft(v[0], v[1], bits));
            }
            add("fmaxv s%d, v%d.4s".formatted(v[0], v[1]), a -> a.largest(v[0], v[1]));
        }
    }

    /// What the assembler makes of the case.
    static byte[] bytes(Case one) {
        Assembler a = new Assembler();
        Label label = new Label();
        one.emit.accept(a, label);
        int size = a.size();
        while (a.size() < LABEL_DISTANCE) {
            a.emit(0);
        }
        a.place(label);
        return Arrays.copyOf(a.code(), size);
    }

    public static void main(String[] args) {
        all().forEach(one -> System.out.println(one.text));
    }
}
