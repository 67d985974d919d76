// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import io.encoder4j.kernel.Bfloat16Kernels;
import io.encoder4j.kernel.KernelProvider;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import java.util.Optional;

/// Offers the Vector API kernels where the incubator module was resolved. Loads without it: nothing here touches a vector
/// class before [#create].
public final class VectorKernelProvider implements KernelProvider {

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Optional<String> unavailable(Precision precision) {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? Optional.empty()
                : Optional.of("the module jdk.incubator.vector is not in this JVM; start java with"
                        + " --add-modules jdk.incubator.vector");
    }

    @Override
    public Kernels create(Precision precision) {
        return Bfloat16Kernels.over(new VectorKernels(), precision);
    }
}
