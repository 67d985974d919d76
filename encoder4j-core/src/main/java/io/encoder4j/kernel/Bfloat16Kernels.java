// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// [Precision#BFLOAT16] on any float32 kernels. A weight is rounded when it is packed, the other operand before each product,
/// and the float32 kernels compute the product. For machines without bfloat16 instructions: the same results, but not faster.
final class Bfloat16Kernels extends DelegatingKernels {

    private final Kernels float32;
    private final ScratchPool pool = new ScratchPool();

    Bfloat16Kernels(Kernels float32) {
        this.float32 = float32;
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
        return Precision.BFLOAT16.toString();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        try (Arena own = Arena.ofConfined()) {
            Matrix rounded = Matrix.allocate(own, weight.rows(), weight.cols());
            Bfloat16.round(weight, rounded.data());
            return float32.pack(arena, rounded, bias);
        }
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        MemorySegment scratch = pool.take((long) x.rows() * x.cols() * Float.BYTES);
        try {
            Bfloat16.round(x, scratch);
            float32.linear(new Matrix(scratch, 0, x.rows(), x.cols(), x.cols()), weight, activation, out, workers);
        } finally {
            pool.give(scratch);
        }
    }
}
