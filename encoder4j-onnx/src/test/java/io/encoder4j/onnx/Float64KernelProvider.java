// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.kernel.KernelProvider;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import java.util.Optional;

/// Offers [Float64Kernels] to these tests, by the name of `truth`.
public final class Float64KernelProvider implements KernelProvider {

    /// For [java.util.ServiceLoader].
    public Float64KernelProvider() { }

    @Override
    public String name() {
        return "truth";
    }

    @Override
    public int rank() {
        return -1;
    }

    @Override
    public Optional<String> unavailable(Precision precision) {
        return Optional.empty();
    }

    @Override
    public Kernels create(Precision precision) {
        return new Float64Kernels();
    }
}
