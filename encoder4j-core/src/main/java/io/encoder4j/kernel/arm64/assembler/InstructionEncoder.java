// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Instructions as words of 32 bits, and labels. The formats are those of the Arm Architecture Reference Manual, part C.
class InstructionEncoder {

    private static final int VECTOR_REGISTERS = 32;
    /// Where the distance of a branch to 1 MiB lies in its word: bits 5 to 23.
    private static final int NEAR_AT = 5;
    private static final int NEAR_BITS = 19;

    private byte[] code = new byte[1024];
    private int size;
    private final List<Fixup> fixups = new ArrayList<>();

    /// An instruction whose distance to a label, in words, is to be filled in.
    private record Fixup(Label label, int at) { }

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

    final void emit(int word) {
        if (size == code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        for (int i = 0; i < Integer.BYTES; i++) {
            code[size++] = (byte) (word >> 8 * i);
        }
    }

    /// An instruction that names a place within 1 MiB.
    final void near(int word, Label label) {
        fixups.add(new Fixup(label, size));
        emit(word);
    }

    /// The code, with all references to labels filled in.
    public final byte[] code() {
        byte[] result = Arrays.copyOf(code, size);
        for (Fixup fixup : fixups) {
            if (fixup.label.position == Label.NOWHERE) {
                throw new IllegalStateException("the code at " + fixup.at + " refers to a label that was never placed");
            }
            int bits = signed(fixup.label.position - fixup.at, Integer.BYTES, NEAR_BITS) << NEAR_AT;
            for (int i = 0; i < Integer.BYTES; i++) {
                result[fixup.at + i] |= (byte) (bits >> 8 * i);
            }
        }
        return result;
    }

    /// A general register that is not the stack pointer.
    static int plain(Gpr register) {
        if (register == Gpr.SP) {
            throw new IllegalArgumentException("this instruction takes no stack pointer");
        }
        return register.ordinal();
    }

    static int vector(int register) {
        if (register < 0 || register >= VECTOR_REGISTERS) {
            throw new IllegalArgumentException("no register v" + register);
        }
        return register;
    }

    /// An immediate that counts units, from 0 on.
    static int unsigned(int value, int unit, int bits) {
        if (value < 0 || value % unit != 0 || value / unit >= 1 << bits) {
            throw new IllegalArgumentException("no immediate " + value + " of " + bits + " bits in units of " + unit);
        }
        return value / unit;
    }

    /// An immediate that counts units and may be negative.
    static int signed(int value, int unit, int bits) {
        if (value % unit != 0 || value / unit >= 1 << bits - 1 || value / unit < -(1 << bits - 1)) {
            throw new IllegalArgumentException("no signed immediate " + value + " of " + bits + " bits in units of " + unit);
        }
        return value / unit & (1 << bits) - 1;
    }
}
