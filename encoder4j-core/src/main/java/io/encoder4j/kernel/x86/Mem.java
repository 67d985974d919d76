// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import org.jspecify.annotations.Nullable;

/// A memory operand: `[base + index * scale + displacement]`, or a place in the code itself.
///
/// @param base  null if `label` is given
/// @param index null for none; not RSP
/// @param scale 1, 2, 4 or 8
/// @param label read relative to the instruction, or null
record Mem(@Nullable Gpr base, @Nullable Gpr index, int scale, int displacement, @Nullable Label label) {

    Mem {
        if (Integer.bitCount(scale) != 1 || scale > 8 || index == Gpr.RSP) {
            throw new IllegalArgumentException("no such address: index " + index + " times " + scale);
        }
        if (label != null && (base != null || index != null || displacement != 0)) {
            throw new IllegalArgumentException("a label has no displacement and no registers, got " + displacement);
        }
    }

    static Mem at(Gpr base) {
        return at(base, 0);
    }

    static Mem at(Gpr base, int displacement) {
        return new Mem(base, null, 1, displacement, null);
    }

    static Mem at(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base, index, scale, displacement, null);
    }

    static Mem at(Label label) {
        return new Mem(null, null, 1, 0, label);
    }

    Mem plus(int bytes) {
        return new Mem(base, index, scale, displacement + bytes, label);
    }
}
