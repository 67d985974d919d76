// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import io.encoder4j.ModelOptions;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;

/// The precisions of encoder4j, in one place.
public final class Precisions {

    /// The names of the precisions, for help texts.
    public static final String NAMES = "float32, bfloat16, int8, auto";

    private Precisions() { }

    /// A model's options.
    ///
    /// @throws IllegalArgumentException if there is no such precision
    public static ModelOptions options(String precision) {
        return ModelOptions.defaults().withPrecision(precision);
    }

    /// The kernels that a model with these options would have.
    ///
    /// @throws IllegalArgumentException if there is no such precision
    public static Kernels kernels(String precision) {
        return KernelChoice.choose(null, Precision.of(precision));
    }
}
