// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Optional;

/// Offers [PlainKernels], which run everywhere. They have the bits of 512-bit vectors.
public final class PlainKernelProvider implements KernelProvider {

    private static final int LANES = 16;

    /// For [java.util.ServiceLoader].
    public PlainKernelProvider() { }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public int rank() {
        return 5;
    }

    @Override
    public Optional<String> unavailable(Precision precision) {
        return Optional.empty();
    }

    @Override
    public Kernels create(Precision precision) {
        return precision.over(new PlainKernels(LANES));
    }
}
