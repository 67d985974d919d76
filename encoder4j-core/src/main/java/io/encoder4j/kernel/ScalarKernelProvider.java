// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Optional;

/// Offers [ScalarKernels], which run everywhere.
public final class ScalarKernelProvider implements KernelProvider {

    /// For [java.util.ServiceLoader].
    public ScalarKernelProvider() { }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Optional<String> unavailable(Precision precision) {
        return Optional.empty();
    }

    @Override
    public Kernels create(Precision precision) {
        return new ScalarKernels(precision);
    }
}
