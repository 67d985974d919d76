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
    BFLOAT16;

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
