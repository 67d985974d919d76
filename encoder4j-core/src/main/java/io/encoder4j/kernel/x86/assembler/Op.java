// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// Vector instructions of three operands that have the same opcode with a VEX prefix (256 bits) and an EVEX prefix (512 bits).
/// The names are the manual's, without the leading V.
public enum Op {
    ADDPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x58),
    SUBPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x5C),
    MULPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x59),
    DIVPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x5E),
    /// Gives the second source if either is NaN.
    MAXPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x5F),
    /// Gives the second source if either is NaN.
    MINPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x5D),
    /// `d = a · b + d`, rounded once.
    FMADD231PS(InstructionEncoder.MAP_0F38, InstructionEncoder.PP_66, 0xB8),
    /// `d = a · d + b`, rounded once.
    FMADD213PS(InstructionEncoder.MAP_0F38, InstructionEncoder.PP_66, 0xA8),
    /// `d = b - a · d`, rounded once.
    FNMADD213PS(InstructionEncoder.MAP_0F38, InstructionEncoder.PP_66, 0xAC),
    /// Bitwise; the manual calls the form of 512 bits VPANDD.
    PAND(InstructionEncoder.MAP_0F, InstructionEncoder.PP_66, 0xDB),
    /// Bitwise; the manual calls the form of 512 bits VPXORD.
    PXOR(InstructionEncoder.MAP_0F, InstructionEncoder.PP_66, 0xEF),
    PADDD(InstructionEncoder.MAP_0F, InstructionEncoder.PP_66, 0xFE),
    PSUBD(InstructionEncoder.MAP_0F, InstructionEncoder.PP_66, 0xFA),
    UNPCKLPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x14),
    UNPCKHPS(InstructionEncoder.MAP_0F, InstructionEncoder.PP_NONE, 0x15),
    /// `d += a₀·b₀ + a₁·b₁` for pairs of bfloat16; EVEX only.
    DPBF16PS(InstructionEncoder.MAP_0F38, InstructionEncoder.PP_F3, 0x52),
    /// `d += a₀·b₀ + … + a₃·b₃` for four bytes in each lane, those of a unsigned, those of b signed; 32 bits, without saturation.
    PDPBUSD(InstructionEncoder.MAP_0F38, InstructionEncoder.PP_66, 0x50),
    /// `d += a₀·b₀ + a₁·b₁` for two signed values of 16 bits in each lane; 32 bits, without saturation.
    PDPWSSD(InstructionEncoder.MAP_0F38, InstructionEncoder.PP_66, 0x52);

    final int map;
    final int prefix;
    final int opcode;

    Op(int map, int prefix, int opcode) {
        this.map = map;
        this.prefix = prefix;
        this.opcode = opcode;
    }
}
