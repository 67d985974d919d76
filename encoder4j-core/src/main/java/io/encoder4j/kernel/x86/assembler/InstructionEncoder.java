// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The formats of x86-64 instructions (Intel SDM volume 2, chapter 2): legacy instructions with REX, VEX and EVEX prefixes,
/// ModRM, SIB and displacements, and references to labels.
class InstructionEncoder {

    /// Opcode maps, as VEX and EVEX number them.
    static final int MAP_0F = 1;
    static final int MAP_0F38 = 2;
    static final int MAP_0F3A = 3;
    /// Mandatory prefixes, as VEX and EVEX number them.
    static final int PP_NONE = 0;
    static final int PP_66 = 1;
    static final int PP_F3 = 2;
    static final int PP_F2 = 3;

    private static final int VEX_REGISTERS = 16;
    private static final int EVEX_REGISTERS = 32;
    private static final int RM_SIB = 4;
    private static final int RM_RIP = 5;

    private byte[] code = new byte[1024];
    private int size;
    private final List<Fixup> fixups = new ArrayList<>();

    /// A 32-bit distance to fill in, from the end of its instruction to the label.
    private record Fixup(Label label, int at, int end) { }

    /// Bytes emitted so far.
    final int size() {
        return size;
    }

    /// Sets the label to the position of the next byte.
    public final void place(Label label) {
        if (label.position != Label.NOWHERE) {
            throw new IllegalStateException("a label is placed once; this one is at " + label.position);
        }
        label.position = size;
    }

    /// Pads with zeros to a multiple of `alignment`.
    final void align(int alignment) {
        while (size % alignment != 0) {
            emit(0);
        }
    }

    /// The code, with all references to labels filled in.
    final byte[] code() {
        byte[] result = Arrays.copyOf(code, size);
        for (Fixup fixup : fixups) {
            if (fixup.label.position == Label.NOWHERE) {
                throw new IllegalStateException("the code at " + fixup.at + " refers to a label that was never placed");
            }
            int distance = fixup.label.position - fixup.end;
            for (int i = 0; i < 4; i++) {
                result[fixup.at + i] = (byte) (distance >> 8 * i);
            }
        }
        return result;
    }

    final void emit(int... bytes) {
        if (size + bytes.length > code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        for (int b : bytes) {
            code[size++] = (byte) b;
        }
    }

    final void emit32(int value) {
        emit(value, value >> 8, value >> 16, value >> 24);
    }

    /// The distance to a label, at the end of an instruction.
    final void distance(Label label) {
        fixups.add(new Fixup(label, size, size + 4));
        emit32(0);
    }

    /// A 64-bit legacy instruction: REX.W, opcode bytes, ModRM.
    final void legacy(int reg, @Nullable Gpr rm, @Nullable Mem mem, int... opcode) {
        int base = rm != null ? rm.ordinal() : number(mem == null ? null : mem.base());
        int index = mem == null ? 0 : number(mem.index());
        emit(0x48 | (reg >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | base >> 3 & 1);
        emit(opcode);
        operand(reg, rm == null ? -1 : rm.ordinal(), mem, 1, 0);
    }

    /// A VEX instruction.
    ///
    /// @param wide 1 for 256 bits, 0 for 128 bits and scalars
    /// @param reg  destination, usually
    /// @param v    second operand; 0 where there is none
    /// @param rm   third operand's register, or -1 for `mem`
    /// @param tail bytes of immediate that follow
    final void vex(int map, int pp, int w, int wide, int opcode, int reg, int v, int rm, @Nullable Mem mem, int tail) {
        checkRegisters(VEX_REGISTERS, reg, v, rm);
        int base = mem == null ? rm : number(mem.base());
        int index = mem == null ? 0 : number(mem.index());
        emit(0xC4,
                (~reg >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~base >> 3 & 1) << 5 | map,
                w << 7 | (~v & 15) << 3 | wide << 2 | pp,
                opcode);
        operand(reg, rm, mem, 1, tail);
    }

    /// An EVEX instruction of 512 bits.
    ///
    /// @param mask      number of the mask register; 0 for none
    /// @param zeroing   whether masked lanes become zero
    /// @param broadcast whether `mem` is one element, broadcast to all lanes
    /// @param unit      bytes that one unit of a one-byte displacement stands for
    final void evex(int map, int pp, int w, int opcode, int reg, int v, int rm, @Nullable Mem mem, int mask,
            boolean zeroing, boolean broadcast, int unit, int tail) {
        checkRegisters(EVEX_REGISTERS, reg, v, rm);
        int base = mem == null ? rm : number(mem.base());
        int index = mem == null ? rm >> 1 : number(mem.index());
        emit(0x62,
                (~reg >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~base >> 3 & 1) << 5 | (~reg >> 4 & 1) << 4 | map,
                w << 7 | (~v & 15) << 3 | 4 | pp,
                (zeroing ? 0x80 : 0) | 0x40 | (broadcast ? 0x10 : 0) | (~v >> 4 & 1) << 3 | mask,
                opcode);
        operand(reg, rm, mem, unit, tail);
    }

    private static void checkRegisters(int count, int... registers) {
        for (int register : registers) {
            if (register >= count) {
                throw new IllegalArgumentException("no register " + register + " in an instruction for " + count);
            }
        }
    }

    private static int number(@Nullable Gpr register) {
        return register == null ? 0 : register.ordinal();
    }

    private void operand(int reg, int rm, @Nullable Mem mem, int unit, int tail) {
        int field = (reg & 7) << 3;
        if (mem == null) {
            emit(0xC0 | field | rm & 7);
            return;
        }
        if (mem.label() != null) {
            emit(field | RM_RIP);
            fixups.add(new Fixup(mem.label(), size, size + 4 + tail));
            emit32(0);
            return;
        }
        int base = number(mem.base()) & 7;
        int displacement = mem.displacement();
        boolean none = displacement == 0 && base != RM_RIP;
        boolean small = displacement % unit == 0 && displacement / unit == (byte) (displacement / unit);
        int mod = none ? 0 : small ? 0x40 : 0x80;
        if (mem.index() != null || base == RM_SIB) {
            int index = mem.index() == null ? 4 : mem.index().ordinal() & 7;
            emit(mod | field | RM_SIB, Integer.numberOfTrailingZeros(mem.scale()) << 6 | index << 3 | base);
        } else {
            emit(mod | field | base);
        }
        if (!none && small) {
            emit(displacement / unit);
        } else if (!none) {
            emit32(displacement);
        }
    }
}
