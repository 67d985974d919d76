// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

import org.jspecify.annotations.Nullable;

/// A memory operand: `[base + index * scale + displacement]`, or a position in the code.
///
/// @param base  null if `label` is given
/// @param index null for none; not RSP
/// @param scale 1, 2, 4 or 8
/// @param label read relative to the instruction, or null
public record Mem(@Nullable Gpr base, @Nullable Gpr index, int scale, int displacement, @Nullable Label label) {

    public Mem {
        if (Integer.bitCount(scale) != 1 || scale > 8 || index == Gpr.RSP) {
            throw new IllegalArgumentException("no such address: index " + index + " times " + scale);
        }
        if (label != null && (base != null || index != null || displacement != 0)) {
            throw new IllegalArgumentException("a label has no displacement and no registers, got " + displacement);
        }
    }

    public static Mem at(Gpr base) {
        return at(base, 0);
    }

    public static Mem at(Gpr base, int displacement) {
        return new Mem(base, null, 1, displacement, null);
    }

    public static Mem at(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base, index, scale, displacement, null);
    }

    public static Mem at(Label label) {
        return new Mem(null, null, 1, 0, label);
    }

    public Mem plus(int bytes) {
        return new Mem(base, index, scale, displacement + bytes, label);
    }
}
