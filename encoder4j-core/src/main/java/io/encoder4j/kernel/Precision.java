// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Arrays;
import java.util.Locale;

/// How exactly a forward pass computes. What was really used is told by [Kernels#precision].
public enum Precision {

    /// The fastest that stays float32-grade: against double precision, final embeddings with a cosine of at least 0.999999
    /// and no difference above 1e-4.
    AUTO,

    /// Single precision throughout, products in fused multiply-adds.
    FLOAT32,

    /// Linear products of operands rounded to bfloat16, summed in float32; all else in float32. See [Bfloat16].
    BFLOAT16;

    /// The precision of that name, in any case.
    ///
    /// @throws IllegalArgumentException listing the names there are
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
