// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Arrays;
import java.util.Locale;

/// The precision that is asked for. [Kernels#precision] says which one is used.
public enum Precision {

    /// The fastest that is as good as float32: compared with double precision, final embeddings have a cosine of at least
    /// 0.999999 and no difference above 1e-4.
    AUTO,

    /// Single precision for everything, with fused multiply-adds in products.
    FLOAT32,

    /// Operands of linear products are rounded to bfloat16 and summed in float32; everything else is float32. See [Bfloat16].
    BFLOAT16,

    /// Operands of linear products are whole numbers of 8 bits with a scale for each group of 64; everything else is float32. A layer
    /// that would lose too much stays in float32. See [Int8].
    INT8;

    /// {@return whether results are as exact as in float32}
    public boolean isFloat32Grade() {
        return this == AUTO || this == FLOAT32;
    }

    /// {@return kernels of this precision on any float32 kernels} They run everywhere, but are not faster than those.
    ///
    /// @param float32 do all but the linear products; returned as they are if that is what this precision asks for
    public Kernels over(Kernels float32) {
        return switch (this) {
            case AUTO, FLOAT32 -> float32;
            case BFLOAT16 -> new Bfloat16Kernels(float32);
            case INT8 -> new Int8Kernels(float32);
        };
    }

    /// {@return the precision of that name, in any case}
    ///
    /// @param name in any case
    /// @throws IllegalArgumentException if there is none; the message lists the names
    public static Precision of(String name) {
        return Arrays.stream(values()).filter(p -> p.toString().equals(name.toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no precision named '" + name + "'; there are: "
                        + String.join(", ", Arrays.stream(values()).map(Precision::toString).toList())));
    }

    /// Its name as options and results give it: `bfloat16`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
