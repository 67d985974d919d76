// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

/// Reads machine code, as the processor does, in the formats our assembler writes (Intel SDM volume 2, chapter 2). It knows
/// nothing of the assembler: what it makes of the bytes is a second opinion.
final class Decoder {

    /// A format, and the numbers that tell which instruction it is. Two numbers of one byte each are in the ways of
    /// LEGACY: the opcode, with 0x0F00 for the second map.
    enum Format { LEGACY, VEX, EVEX }

    /// @param base  number of the base register, or -1 for what is relative to the next instruction
    /// @param index number of the index register, or -1 for none
    record Address(int base, int index, int scale, int displacement) { }

    /// @param reg ModRM's register
    /// @param v   the second operand of VEX and EVEX
    /// @param rm  ModRM's other register, or -1 if `mem` is given
    record Instruction(Format format, int map, int prefix, boolean wide, int length128, int opcode, int reg, int v, int rm,
            Address mem, int mask, boolean zeroing, boolean broadcast, int immediate, int length) { }

    private final byte[] code;
    private int at;

    private Decoder(byte[] code, int at) {
        this.code = code;
        this.at = at;
    }

    /// The instruction that begins at that byte.
    static Instruction at(byte[] code, int offset) {
        Decoder decoder = new Decoder(code, offset);
        Instruction one = switch (code[offset] & 0xFF) {
            case 0x62 -> decoder.evex();
            case 0xC4 -> decoder.vex();
            case 0xC5 -> decoder.shortVex();
            default -> decoder.legacy();
        };
        return new Instruction(one.format, one.map, one.prefix, one.wide, one.length128, one.opcode, one.reg, one.v, one.rm,
                one.mem, one.mask, one.zeroing, one.broadcast, one.immediate, decoder.at - offset);
    }

    private int next() {
        return code[at++] & 0xFF;
    }

    private int next32() {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    private static int bit(int value, int number) {
        return value >> number & 1;
    }

    private Instruction legacy() {
        int first = next();
        int rex = (first & 0xF0) == 0x40 ? first : 0;
        int opcode = rex == 0 ? first : next();
        if (opcode >= 0x50 && opcode < 0x60) {
            return plain(opcode & 0xF8, opcode & 7 | bit(rex, 0) << 3, 0);
        }
        if (opcode == 0xC3) {
            return plain(opcode, 0, 0);
        }
        if (opcode == 0x0F) {
            opcode = 0x0F00 | next();
            // Jumps with a distance of 32 bits.
            return (opcode & 0xFFF0) == 0x0F80 ? plain(opcode, 0, next32()) : modrm(opcode, rex, 0);
        }
        return modrm(opcode, rex, opcode == 0x81 || opcode == 0xC7 ? 4 : 0);
    }

    private Instruction plain(int opcode, int reg, int immediate) {
        return new Instruction(Format.LEGACY, 0, 0, true, 0, opcode, reg, 0, 0, null, 0, false, false, immediate, 0);
    }

    private Instruction modrm(int opcode, int rex, int immediateBytes) {
        int modrm = next();
        int reg = modrm >> 3 & 7 | bit(rex, 2) << 3;
        boolean register = modrm >> 6 == 3;
        Address mem = register ? null : address(modrm, bit(rex, 1), bit(rex, 0), 1);
        int rm = register ? modrm & 7 | bit(rex, 0) << 3 : -1;
        return new Instruction(Format.LEGACY, 0, 0, bit(rex, 3) == 1, 0, opcode, reg, 0, rm, mem, 0, false, false,
                immediateBytes == 4 ? next32() : 0, 0);
    }

    private Instruction shortVex() {
        next();
        int second = next();
        return new Instruction(Format.VEX, 1, second & 3, false, bit(second, 2), next(), 0, 0, 0, null, 0, false, false, 0, 0);
    }

    private Instruction vex() {
        next();
        int second = next();
        int third = next();
        int opcode = next();
        int modrm = next();
        boolean register = modrm >> 6 == 3;
        int extra = 1 - bit(second, 5);
        Address mem = register ? null : address(modrm, 1 - bit(second, 6), extra, 1);
        int map = second & 31;
        return new Instruction(Format.VEX, map, third & 3, bit(third, 7) == 1, bit(third, 2), opcode,
                modrm >> 3 & 7 | 1 - bit(second, 7) << 3, ~third >> 3 & 15, register ? modrm & 7 | extra << 3 : -1, mem, 0,
                false, false, map == 3 ? next() : 0, 0);
    }

    private Instruction evex() {
        next();
        int second = next();
        int third = next();
        int fourth = next();
        int opcode = next();
        int modrm = next();
        if (bit(second, 3) != 0 || bit(third, 2) != 1 || (fourth >> 5 & 3) != 2) {
            throw new IllegalStateException("not an instruction of 512 bits at " + at);
        }
        int map = second & 7;
        boolean register = modrm >> 6 == 3;
        boolean broadcast = bit(fourth, 4) == 1;
        int x = 1 - bit(second, 6);
        int b = 1 - bit(second, 5);
        // A displacement of one byte counts elements where one is given to all lanes, else whole vectors.
        int unit = broadcast || map == 2 && opcode == 0x18 ? Float.BYTES : 64;
        Address mem = register ? null : address(modrm, x, b, unit);
        boolean immediate = map == 3 || map == 1 && (opcode == 0xC2 || opcode == 0x72);
        return new Instruction(Format.EVEX, map, third & 3, bit(third, 7) == 1, 2, opcode,
                modrm >> 3 & 7 | 1 - bit(second, 7) << 3 | 1 - bit(second, 4) << 4,
                ~third >> 3 & 15 | 1 - bit(fourth, 3) << 4, register ? modrm & 7 | b << 3 | x << 4 : -1, mem, fourth & 7,
                bit(fourth, 7) == 1, broadcast, immediate ? next() : 0, 0);
    }

    private Address address(int modrm, int x, int b, int unit) {
        int mod = modrm >> 6;
        int base = modrm & 7;
        int index = -1;
        int scale = 1;
        if (base == 4) {
            int sib = next();
            base = sib & 7;
            index = sib >> 3 & 7 | x << 3;
            index = index == 4 ? -1 : index;
            scale = 1 << (sib >> 6);
        } else if (base == 5 && mod == 0) {
            return new Address(-1, -1, 1, next32());
        }
        if (base == 5 && mod == 0) {
            throw new IllegalStateException("an address without base at " + at);
        }
        int displacement = mod == 0 ? 0 : mod == 1 ? (byte) next() * unit : next32();
        return new Address(base | b << 3, index, scale, displacement);
    }
}
