// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import io.encoder4j.kernel.KernelProvider;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Precision;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/// Offers the Vector API kernels where the JVM has the incubator module. This class loads without it: it touches no vector class
/// before [#create].
public final class VectorKernelProvider implements KernelProvider {

    /// System property: the width of the vectors in bits, 128, 256 or 512. Without it, the machine's preferred width.
    static final String VECTOR_BITS = "encoder4j.vectorBits";
    /// System property: `false` runs vector code from the start, whether it is compiled or not. Tests of vector code need that.
    static final String WARM_UP = "encoder4j.warmUp";

    private static final String ABSENT = "the module jdk.incubator.vector is not in this JVM; start java with"
            + " --add-modules jdk.incubator.vector";

    /// For [java.util.ServiceLoader].
    public VectorKernelProvider() { }

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
        return present() ? wrongSetting() : Optional.of(ABSENT);
    }

    /// Checks the properties before class initializers of the vector kernels read them, where an error would not be clear.
    @Override
    public Optional<String> wrongSetting() {
        String warmUp = System.getProperty(WARM_UP, "true");
        if (!List.of("true", "false").contains(warmUp)) {
            return Optional.of(WARM_UP + " must be true or false, got '" + warmUp + "'");
        }
        String bits = System.getProperty(VECTOR_BITS);
        if (bits == null) {
            return Optional.empty();
        }
        if (!List.of("128", "256", "512").contains(bits)) {
            return Optional.of(VECTOR_BITS + " must be 128, 256 or 512, got '" + bits + "'");
        }
        if (!present()) {
            return Optional.of(VECTOR_BITS + "=" + bits + " was asked for, but " + ABSENT);
        }
        int widest = Widest.bits();
        return Integer.parseInt(bits) <= widest ? Optional.empty() : Optional.of(VECTOR_BITS + "=" + bits
                + " was asked for, but this JVM's vectors have at most " + widest + " bits");
    }

    private static boolean present() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /// The provider itself may not touch a vector class.
    private static final class Widest {
        static int bits() {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }
    }

    @Override
    public Kernels create(Precision precision) {
        return precision.over(new WarmingKernels());
    }
}
