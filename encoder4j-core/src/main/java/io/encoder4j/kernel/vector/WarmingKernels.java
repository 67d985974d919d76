// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import io.encoder4j.kernel.DelegatingKernels;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.PlainKernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The vector kernels once [WarmUp] has seen their loops compiled; until then [PlainKernels] of the same width, which have the
/// same bits and read the same packed weights.
final class WarmingKernels extends DelegatingKernels {

    private final Kernels vector = new VectorKernels();
    private final Kernels plain = new PlainKernels(Species.LANES);

    @Override
    protected Kernels others() {
        return WarmUp.othersDone() ? vector : plain;
    }

    @Override
    public String name() {
        return vector.name();
    }

    @Override
    public String precision() {
        return vector.precision();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        return vector.pack(arena, weight, bias);
    }

    /// Products are compiled first; an activation must wait for the other loops.
    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        if (WarmUp.productsDone() && (activation == StandardActivation.LINEAR || WarmUp.othersDone())) {
            vector.linear(x, weight, activation, out, workers);
        } else {
            plain.linear(x, weight, activation, out, workers);
            WarmUp.worked((long) x.rows() * weight.in() * weight.out());
        }
    }
}
