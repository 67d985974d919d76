// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import io.encoder4j.kernel.routine.Routine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The features of this processor that the system lets a program use (Intel SDM volume 1, chapters 13 to 18).
///
/// @param avx2       AVX2 and FMA, and the system saves the registers of 256 bits
/// @param avx512     AVX-512 F, BW, DQ and VL, and the system saves the registers of 512 bits
/// @param bfloat16   AVX-512 with AVX512_BF16
/// @param vnni       AVX-512 with AVX512_VNNI
/// @param amx        AVX512_BF16 and AMX tiles with bfloat16, and the system saves tiles; see [AmxPermission] too
public record Cpu(boolean avx2, boolean avx512, boolean bfloat16, boolean vnni, boolean amx) {

    // The sizes of palette 1. The routines for tiles are written for these.
    private static final int TILE_LEAF = 0x1D;
    private static final int EIGHT_TILES_OF_64_BYTES = 8 << 16 | 64;
    private static final int TILE_ROWS = 16;

    private static final int EAX = 0;
    private static final int EBX = 8;
    private static final int ECX = 16;
    private static final int EDX = 24;

    /// Asks the processor and the system.
    public static Cpu detect() {
        Routine cpuid = cpuid();
        Routine xgetbv = xgetbv();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment registers = arena.allocate(4 * Long.BYTES, Long.BYTES);
            int leaves = ask(cpuid, registers, 0, 0, EAX);
            int features = ask(cpuid, registers, 1, 0, ECX);
            if (!has(features, 12) || !has(features, 27) || !has(features, 28) || leaves < 7) {
                return new Cpu(false, false, false, false, false);
            }
            int more = ask(cpuid, registers, 7, 0, EBX);
            int amxFeatures = ask(cpuid, registers, 7, 0, EDX);
            int extended = ask(cpuid, registers, 7, 0, EAX) >= 1 ? ask(cpuid, registers, 7, 1, EAX) : 0;
            int saved = ask(xgetbv, registers, 0, 0, EAX);
            boolean avx2 = has(more, 5) && has(saved, 1, 2);
            boolean avx512 = avx2 && has(more, 16, 17, 30, 31) && has(saved, 5, 6, 7);
            int ecx = ask(cpuid, registers, 7, 0, ECX);
            return new Cpu(avx2, avx512, avx512 && has(extended, 5), avx512 && has(ecx, 11),
                    avx512 && has(extended, 5) && has(amxFeatures, 22, 24) && has(saved, 17, 18)
                            && leaves >= TILE_LEAF && ask(cpuid, registers, TILE_LEAF, 1, EBX) == EIGHT_TILES_OF_64_BYTES
                            && (ask(cpuid, registers, TILE_LEAF, 1, ECX) & 0xFFFF) == TILE_ROWS);
        }
    }

    private static boolean has(int bits, int... wanted) {
        for (int bit : wanted) {
            if ((bits >> bit & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int ask(Routine routine, MemorySegment registers, int eax, int ecx, int answer) {
        registers.set(ValueLayout.JAVA_LONG, EAX, eax);
        registers.set(ValueLayout.JAVA_LONG, ECX, ecx);
        routine.call(registers, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        return (int) registers.get(ValueLayout.JAVA_LONG, answer);
    }

    private static Routine cpuid() {
        Assembler a = new Assembler();
        a.push(Gpr.RBX);
        a.load(Gpr.RAX, Mem.at(Gpr.RDI, EAX));
        a.load(Gpr.RCX, Mem.at(Gpr.RDI, ECX));
        a.cpuid();
        a.store(Mem.at(Gpr.RDI, EAX), Gpr.RAX);
        a.store(Mem.at(Gpr.RDI, EBX), Gpr.RBX);
        a.store(Mem.at(Gpr.RDI, ECX), Gpr.RCX);
        a.store(Mem.at(Gpr.RDI, EDX), Gpr.RDX);
        a.pop(Gpr.RBX);
        a.ret();
        return Routine.of(a.code());
    }

    private static Routine xgetbv() {
        Assembler a = new Assembler();
        a.load(Gpr.RCX, Mem.at(Gpr.RDI, ECX));
        a.xgetbv();
        a.store(Mem.at(Gpr.RDI, EAX), Gpr.RAX);
        a.ret();
        return Routine.of(a.code());
    }
}
