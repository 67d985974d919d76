// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import io.encoder4j.Options;
import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import java.util.List;

/// The one place that knows which precisions encoder4j has.
public final class Precisions {

    /// Their names, for help texts.
    public static final String NAMES = "float32";

    private static final List<String> ALL = List.of(NAMES.split(", "));

    private Precisions() { }

    /// A model's options.
    ///
    /// @throws IllegalArgumentException if there is no such precision
    public static Options options(String precision) {
        require(precision);
        return Options.defaults();
    }

    /// The kernels that a model with these options would have.
    ///
    /// @throws IllegalArgumentException if there is no such precision
    public static Kernels kernels(String precision) {
        require(precision);
        return KernelChoice.choose();
    }

    private static void require(String precision) {
        if (!ALL.contains(precision)) {
            throw new IllegalArgumentException("no precision '" + precision + "'; there are: " + String.join(", ", ALL));
        }
    }
}
