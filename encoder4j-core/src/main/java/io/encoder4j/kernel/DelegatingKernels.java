// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Reduction;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Kernels whose linear products are their own and whose other operations are others': what computes products in another
/// precision extends it.
public abstract class DelegatingKernels implements Kernels {

    /// Those that do all but linear products, in float32.
    protected final Kernels float32;

    /// @param float32 the others
    protected DelegatingKernels(Kernels float32) {
        this.float32 = float32;
    }

    @Override
    public MemorySegment allocate(Arena arena, long bytes) {
        return float32.allocate(arena, bytes);
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
    public void scale(Matrix x, float[] factors, Matrix out) {
        float32.scale(x, factors, out);
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        float32.shift(x, summands, out);
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

    @Override
    public void pool(Reduction reduction, Matrix x, Sequences sequences, int skip, Matrix out, Workers workers) {
        float32.pool(reduction, x, sequences, skip, out, workers);
    }

    @Override
    public void normalize(Matrix x, Matrix out, Workers workers) {
        float32.normalize(x, out, workers);
    }

    @Override
    public void maximum(Matrix a, Matrix b, Matrix out) {
        float32.maximum(a, b, out);
    }
}
