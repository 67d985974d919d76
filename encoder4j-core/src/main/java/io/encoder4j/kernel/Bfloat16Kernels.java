// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// [Precision#BFLOAT16] on any float32 kernels: a weight is rounded when it is packed, the other operand before each product,
/// and the product is theirs. What machines without bfloat16 instructions give: the same results, not sooner.
public final class Bfloat16Kernels implements Kernels {

    private final Kernels float32;
    private final ScratchPool pool = new ScratchPool();

    private Bfloat16Kernels(Kernels float32) {
        this.float32 = float32;
    }

    /// These kernels in that precision: themselves unless it is [Precision#BFLOAT16].
    public static Kernels over(Kernels float32, Precision precision) {
        return precision == Precision.BFLOAT16 ? new Bfloat16Kernels(float32) : float32;
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

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        float32.gather(table, rows, out);
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        float32.add(a, b, out);
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        float32.multiply(a, b, out);
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        float32.activation(activation, x, out);
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        float32.layerNorm(x, weight, bias, eps, out);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        float32.rmsNorm(x, weight, eps, out);
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        float32.rotate(x, rotation, headSize, out);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, AttentionBias bias,
            Matrix out, Workers workers) {
        float32.attention(q, k, v, heads, scale, sequences, bias, out, workers);
    }
}
