// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import io.encoder4j.kernel.KernelChoice;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 9. What models run: [Kernels#linear] of the kernels chosen on this machine. Operands are outside the heap and aligned to cache
/// lines, so that no vector crosses a line. Any number of rows and columns is allowed. Bias and activation are applied while a tile
/// is still in registers or cache.
final class OwnKernel implements Rung {

    private final Kernels kernels = KernelChoice.choose();
    private final Workers workers;
    private @Nullable Matrix out;

    OwnKernel(Workers workers) {
        this.workers = workers;
    }

    @Override
    public String name() {
        return "encoder4j " + kernels.name();
    }

    @Override
    public Runnable prepare(Operands o) {
        Arena arena = Arena.ofAuto();
        Matrix weight = Matrix.allocate(arena, o.cols(), o.inner());
        for (int k = 0; k < o.inner(); k++) {
            for (int j = 0; j < o.cols(); j++) {
                weight.set(j, k, o.b()[k * o.cols() + j]);
            }
        }
        PackedWeight packed = kernels.pack(arena, weight, null);
        Matrix x = Matrix.allocate(arena, o.rows(), o.inner());
        MemorySegment.copy(o.a(), 0, x.data(), Matrix.ELEMENT, 0, o.a().length);
        Matrix y = Matrix.allocate(arena, o.rows(), o.cols());
        out = y;
        return () -> kernels.linear(x, packed, StandardActivation.LINEAR, y, workers);
    }

    @Override
    public void collect(Operands o) {
        if (out != null) {
            System.arraycopy(out.toArray(), 0, o.c(), 0, o.c().length);
        }
    }
}
