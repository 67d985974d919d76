// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import static io.encoder4j.kernel.x86.assembler.AssemblerCases.name;

import java.util.List;
import java.util.Locale;

/// General registers, jumps and the instructions without operands.
final class GeneralCases {

    private static final int[] IMMEDIATES = {0, 1, -1, 127, 128, -128, -129, 0x12345678};

    private GeneralCases() { }

    static void add(AssemblerCases cases) {
        for (Gpr to : Gpr.values()) {
            for (Gpr from : List.of(Gpr.RAX, Gpr.RSP, Gpr.RDI, Gpr.R8, Gpr.R13)) {
                cases.add("mov " + name(to) + ", " + name(from), a -> a.mov(to, from));
                cases.add("add " + name(to) + ", " + name(from), a -> a.add(to, from));
                cases.add("cmp " + name(to) + ", " + name(from), a -> a.compare(to, from));
            }
            cases.add("push " + name(to), a -> a.push(to));
            cases.add("pop " + name(to), a -> a.pop(to));
            cases.addresses(List.of(Mem.at(to)), "qword", "mov " + name(to) + ", %s", (a, mem) -> a.load(to, mem));
            for (int value : IMMEDIATES) {
                cases.add("mov " + name(to) + ", " + value, a -> a.movImmediate(to, value));
                cases.add("{imm32} add " + name(to) + ", " + value, a -> a.addImmediate(to, value));
                cases.add("{imm32} cmp " + name(to) + ", " + value, a -> a.compareImmediate(to, value));
            }
        }
        for (Gpr register : List.of(Gpr.RAX, Gpr.R15)) {
            cases.everywhere("qword", "mov " + name(register) + ", %s", (a, mem) -> a.load(register, mem));
            cases.everywhere("qword", "mov %s, " + name(register), (a, mem) -> a.store(mem, register));
            cases.everywhere("qword", "add " + name(register) + ", %s", (a, mem) -> a.addFrom(register, mem));
            cases.everywhere("qword", "lea " + name(register) + ", %s", (a, mem) -> a.address(register, mem));
        }
        cases.everywhere("byte", "rex.w prefetcht1 %s", Assembler::prefetch);
        for (Condition condition : Condition.values()) {
            String name = "j" + switch (condition) {
                case EQUAL -> "e";
                case NOT_EQUAL -> "ne";
                case LESS -> "l";
                case NOT_LESS -> "ge";
            };
            cases.jump("{disp32} " + name.toLowerCase(Locale.ROOT) + " .+6+" + AssemblerCases.LABEL_DISTANCE,
                    (a, label) -> a.jump(condition, label));
        }
        cases.add("ret", Assembler::ret);
        cases.add("cpuid", Assembler::cpuid);
        cases.add("xgetbv", Assembler::xgetbv);
        cases.add("vzeroupper", Assembler::vzeroupper);
    }
}
