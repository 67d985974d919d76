// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Bfloat16;
import io.encoder4j.kernel.x86.Decoder.Instruction;
import java.util.Arrays;

/// The vector registers of 512 bits and what is done with them, in the words of the manual's pseudo-code.
final class Vectors {

    private static final int LANES = 16;
    private static final int GARBAGE = 0x7FF7_7FF7;
    private static final int MAP = 16;
    private static final int PREFIX = 8;

    private final ModelMemory memory;
    private final int[][] registers = new int[32][LANES];
    private final int[] masks = new int[8];
    private boolean clean = true;

    Vectors(ModelMemory memory) {
        this.memory = memory;
        for (int[] register : registers) {
            Arrays.fill(register, GARBAGE);
        }
    }

    /// Whether VZEROUPPER came after the last instruction on vectors.
    boolean clean() {
        return clean;
    }

    /// An instruction with a VEX prefix.
    ///
    /// @param address of its operand in memory
    void vex(Instruction one, long address) {
        clean = false;
        switch (key(one)) {
            case 1 << MAP | 0x77 -> clean = true;
            case 1 << MAP | 0x90 -> masks[one.reg()] = memory.readShort(address);
            case 1 << MAP | 0x11 -> {
                if (one.length128() != 1) {
                    throw Interpreter.unknown(one);
                }
                memory.write(address, registers[one.reg()], LANES / 2);
            }
            default -> throw Interpreter.unknown(one);
        }
    }

    private static int key(Instruction one) {
        return one.map() << MAP | one.prefix() << PREFIX | one.opcode();
    }

    /// An instruction with an EVEX prefix.
    void evex(Instruction one, long address) {
        clean = false;
        int[] to = registers[one.reg()];
        switch (key(one)) {
            case 1 << MAP | 0x11 -> memory.write(address, to, LANES);
            case 1 << MAP | 0x10 -> load(one, to, address);
            case 1 << MAP | 0xC2 -> masks[one.reg()] = compare(one, second(one, address));
            case 2 << MAP | 1 << PREFIX | 0x18 ->
                    Arrays.fill(to, one.mem() == null ? registers[one.rm()][0] : memory.readInt(address));
            case 1 << MAP | 1 << PREFIX | 0x72 -> {
                // The destination is the second operand; the register field says which shift.
                if (one.reg() != 6) {
                    throw Interpreter.unknown(one);
                }
                int[] from = registers[one.rm()].clone();
                Arrays.setAll(registers[one.v()], i -> from[i] << one.immediate());
            }
            case 2 << MAP | 2 << PREFIX | 0x72 -> round(to, registers[one.rm()].clone());
            case 2 << MAP | 1 << PREFIX | 0x33 -> {
                int[] from = registers[one.rm()].clone();
                Arrays.setAll(to, i -> from[i / 2] >>> i % 2 * 16 & 0xFFFF);
            }
            default -> {
                if (one.mask() != 0 && key(one) != (2 << MAP | 1 << PREFIX | 0x65)) {
                    throw Interpreter.unknown(one);
                }
                int[] a = registers[one.v()].clone();
                int[] b = second(one, address).clone();
                int[] before = to.clone();
                Arrays.setAll(to, i -> lane(one, i, a, b, before[i]));
            }
        }
    }

    private int[] second(Instruction one, long address) {
        if (one.mem() == null) {
            return registers[one.rm()];
        }
        int[] words = new int[LANES];
        if (one.broadcast()) {
            Arrays.fill(words, memory.readInt(address));
        } else {
            memory.read(address, words);
        }
        return words;
    }

    private void load(Instruction one, int[] to, long address) {
        if (one.mask() == 0) {
            System.arraycopy(second(one, address), 0, to, 0, LANES);
            return;
        }
        // Lanes that are forbidden touch nothing.
        for (int i = 0; i < LANES; i++) {
            boolean allowed = (masks[one.mask()] >> i & 1) != 0;
            to[i] = allowed ? memory.readInt(address + i * 4L) : one.zeroing() ? 0 : to[i];
        }
    }

    private int compare(Instruction one, int[] right) {
        int result = 0;
        for (int i = 0; i < LANES; i++) {
            float a = Float.intBitsToFloat(registers[one.v()][i]);
            float b = Float.intBitsToFloat(right[i]);
            boolean holds = switch (one.immediate()) {
                case 0 -> a == b;
                case 1 -> a < b;
                case 5 -> !(a < b);
                case 30 -> a > b;
                default -> throw Interpreter.unknown(one);
            };
            result |= holds ? 1 << i : 0;
        }
        return result;
    }

    private static void round(int[] to, int[] from) {
        Arrays.fill(to, 0);
        for (int i = 0; i < LANES; i++) {
            float x = Float.intBitsToFloat(from[i]);
            float kept = Math.abs(x) < Float.MIN_NORMAL ? Math.copySign(0, x) : x;
            to[i / 2] |= Float.floatToRawIntBits(Bfloat16.round(kept)) >>> 16 << i % 2 * 16;
        }
    }

    private int lane(Instruction one, int i, int[] a, int[] b, int d) {
        return switch (key(one)) {
            case 1 << MAP | 1 << PREFIX | 0xDB -> a[i] & b[i];
            case 1 << MAP | 1 << PREFIX | 0xEF -> a[i] ^ b[i];
            case 1 << MAP | 1 << PREFIX | 0xFE -> a[i] + b[i];
            case 2 << MAP | 1 << PREFIX | 0x65 -> (masks[one.mask()] >> i & 1) != 0 ? b[i] : a[i];
            // Of four lanes of a and b: the lower or upper two, alternating, one by one or in pairs.
            case 1 << MAP | 0x14 -> (i % 2 == 0 ? a : b)[i / 4 * 4 + i % 4 / 2];
            case 1 << MAP | 0x15 -> (i % 2 == 0 ? a : b)[i / 4 * 4 + 2 + i % 4 / 2];
            case 1 << MAP | 1 << PREFIX | 0x14 -> (i % 4 < 2 ? a : b)[i / 4 * 4 + i % 2];
            case 1 << MAP | 1 << PREFIX | 0x15 -> (i % 4 < 2 ? a : b)[i / 4 * 4 + 2 + i % 2];
            case 3 << MAP | 1 << PREFIX | 0x23 -> (i < 8 ? a : b)[(one.immediate() >> i / 4 * 2 & 3) * 4 + i % 4];
            default -> Float.floatToRawIntBits(arithmetic(one, Float.intBitsToFloat(a[i]), Float.intBitsToFloat(b[i]),
                    Float.intBitsToFloat(d)));
        };
    }

    private static float arithmetic(Instruction one, float a, float b, float d) {
        return switch (key(one)) {
            case 1 << MAP | 0x58 -> a + b;
            case 1 << MAP | 0x59 -> a * b;
            case 1 << MAP | 0x5C -> a - b;
            case 1 << MAP | 0x5E -> a / b;
            case 1 << MAP | 0x5F -> a > b ? a : b;
            case 1 << MAP | 0x5D -> a < b ? a : b;
            case 2 << MAP | 1 << PREFIX | 0xB8 -> Math.fma(a, b, d);
            case 2 << MAP | 1 << PREFIX | 0xA8 -> Math.fma(a, d, b);
            case 2 << MAP | 1 << PREFIX | 0xAC -> Math.fma(-a, d, b);
            default -> throw Interpreter.unknown(one);
        };
    }
}
