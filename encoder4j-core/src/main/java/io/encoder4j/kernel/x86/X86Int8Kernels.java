// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.DelegatingKernels;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.PeakLoop;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Linear products of whole numbers with AVX512_VNNI; float32 kernels do all other operations, and the layers that are kept.
final class X86Int8Kernels extends DelegatingKernels {

    private final Kernels float32;
    private final Routines routines;
    private final Int8Linear linear;

    X86Int8Kernels(Kernels float32, Routines routines) {
        this.float32 = float32;
        this.routines = routines;
        linear = new Int8Linear(routines, new ScratchPool(), new Elementwise(routines), float32);
    }

    @Override
    protected Kernels others() {
        return float32;
    }

    @Override
    public String name() {
        return float32.name();
    }

    @Override
    public String precision() {
        return Precision.INT8.toString();
    }

    @Override
    public Optional<PeakLoop> peakLoop() {
        return Optional.of(PeakCode.int8());
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        Optional<Int8Panels> panels = Int8Panels.pack(routines.panel(), arena, weight, bias);
        return panels.isPresent() ? panels.get() : float32.pack(arena, weight, bias);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        if (!(weight instanceof Int8Panels panels)) {
            float32.linear(x, weight, activation, out, workers);
            return;
        }
        Matrix.requireShape("linear", x, x.rows(), weight.in());
        Matrix.requireShape("linear", out, x.rows(), weight.out());
        Matrix target = NativeRows.readable(out.data()) ? out : Matrix.allocate(Arena.ofAuto(), out.rows(), out.cols());
        linear.apply(NativeRows.all(x), panels, activation, target, workers);
        if (target != out) {
            out.copyFrom(target);
        }
    }
}
