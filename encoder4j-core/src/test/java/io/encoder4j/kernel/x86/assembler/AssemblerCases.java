// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static io.encoder4j.kernel.x86.assembler.Gpr.R12;
import static io.encoder4j.kernel.x86.assembler.Gpr.R13;
import static io.encoder4j.kernel.x86.assembler.Gpr.R15;
import static io.encoder4j.kernel.x86.assembler.Gpr.R8;
import static io.encoder4j.kernel.x86.assembler.Gpr.R9;
import static io.encoder4j.kernel.x86.assembler.Gpr.RAX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBP;
import static io.encoder4j.kernel.x86.assembler.Gpr.RBX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RCX;
import static io.encoder4j.kernel.x86.assembler.Gpr.RDI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSI;
import static io.encoder4j.kernel.x86.assembler.Gpr.RSP;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Every instruction the assembler has, as people write it and as the assembler is asked for it. Its `main` prints the text
/// for `tools/goldens/x86-bytes.sh`.
final class AssemblerCases {

    /// From the end of an instruction to the place it reads.
    static final int LABEL_DISTANCE = 0x40;

    /// @param text in Intel's syntax, as GNU as takes it
    /// @param emit asks for the same; the label is [#LABEL_DISTANCE] after the instruction
    record Case(String text, BiConsumer<Assembler, Label> emit) { }

    /// Every form of an address: plain, with the bases that need a longer form, with an index, with displacements around
    /// the limits of one byte, also where it counts elements of 4 or 64 bytes.
    static final List<Mem> ADDRESSES = List.of(Mem.at(RAX), Mem.at(RDI), Mem.at(RSP), Mem.at(R12), Mem.at(RBP), Mem.at(R13),
            Mem.at(R8), Mem.at(RSP, 8), Mem.at(R12, 64), Mem.at(RBP, 64), Mem.at(R13, 4), Mem.at(R15, -64),
            Mem.at(RCX, 127), Mem.at(RCX, 128), Mem.at(RCX, -128), Mem.at(RCX, -129), Mem.at(RBX, 508), Mem.at(RBX, 512),
            Mem.at(RBX, -512), Mem.at(RBX, -516), Mem.at(RSI, 8128), Mem.at(RSI, 8192), Mem.at(RSI, -8192),
            Mem.at(RSI, -8256), Mem.at(R9, 1 << 20), Mem.at(RAX, RCX, 1, 0), Mem.at(RBP, R15, 2, 0),
            Mem.at(R13, RAX, 4, 0), Mem.at(R12, R12, 8, 64), Mem.at(R8, R9, 1, -4), Mem.at(RSP, RBP, 2, 256),
            Mem.at(RDI, R13, 1, 1 << 16));
    /// A plain address, the longest, and one in the code itself.
    private static final List<Mem> SOME = List.of(Mem.at(RDI), Mem.at(R13, R15, 8, 0x12340), Mem.at(new Label()));
    /// Registers of each block of eight.
    static final int[][] LOW = {{0, 1, 2}, {7, 15, 8}, {15, 8, 7}, {8, 7, 15}};
    static final int[][] ALL = {{0, 1, 2}, {7, 15, 24}, {15, 24, 31}, {31, 16, 8}, {16, 8, 23}, {24, 31, 0}};

    private final List<Case> cases = new ArrayList<>();

    static List<Case> all() {
        AssemblerCases all = new AssemblerCases();
        GeneralCases.add(all);
        VectorCases.add(all);
        TileCases.add(all);
        return all.cases;
    }

    void add(String text, Consumer<Assembler> emit) {
        cases.add(new Case(text, (a, _) -> emit.accept(a)));
    }

    /// The instruction with each of `addresses`; `%s` in the text stands for the operand, `size` says how much of it, where
    /// the instruction does not.
    void addresses(List<Mem> addresses, String size, String text, BiConsumer<Assembler, Mem> emit) {
        for (Mem mem : addresses) {
            cases.add(new Case(text.formatted((size.isEmpty() ? "" : size + " ptr ") + text(mem)), (a, label) ->
                    emit.accept(a, mem.label() == null ? mem : Mem.at(label))));
        }
    }

    void jump(String text, BiConsumer<Assembler, Label> emit) {
        cases.add(new Case(text, emit));
    }

    /// As [#addresses], with every form of address.
    void everywhere(String size, String text, BiConsumer<Assembler, Mem> emit) {
        addresses(ADDRESSES, size, text, emit);
        somewhere(size, text, emit);
    }

    void somewhere(String size, String text, BiConsumer<Assembler, Mem> emit) {
        addresses(SOME, size, text, emit);
    }

    /// What the assembler makes of the case.
    static byte[] bytes(Case one) {
        Assembler a = new Assembler();
        Label label = new Label();
        one.emit.accept(a, label);
        int size = a.size();
        a.emit(new int[LABEL_DISTANCE]);
        a.place(label);
        return Arrays.copyOf(a.code(), size);
    }

    static String text(Mem mem) {
        if (mem.label() != null) {
            return "[rip+" + LABEL_DISTANCE + "]";
        }
        String index = mem.index() == null ? "" : "+" + name(mem.index()) + "*" + mem.scale();
        String displacement = mem.displacement() == 0 ? "" : "%+d".formatted(mem.displacement());
        return "[" + name(mem.base()) + index + displacement + "]";
    }

    static String name(Gpr register) {
        return register.name().toLowerCase(Locale.ROOT);
    }

    public static void main(String[] args) {
        all().forEach(one -> System.out.println(one.text));
    }
}
