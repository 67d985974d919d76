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

/// Kernels that compute linear products themselves and leave all other operations to other kernels.
public abstract class DelegatingKernels implements Kernels {

    /// For subclasses.
    protected DelegatingKernels() { }

    /// {@return the kernels that do the other operations}
    protected abstract Kernels others();

    @Override
    public MemorySegment allocate(Arena arena, long bytes) {
        return others().allocate(arena, bytes);
    }

    @Override
    public Arena weightArena() {
        return others().weightArena();
    }

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        others().gather(table, rows, out);
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        others().add(a, b, out);
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        others().multiply(a, b, out);
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        others().scale(x, factors, out);
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        others().shift(x, summands, out);
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        others().activation(activation, x, out);
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        others().layerNorm(x, weight, bias, eps, out);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        others().rmsNorm(x, weight, eps, out);
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        others().rotate(x, rotation, headSize, out);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, AttentionBias bias,
            Matrix out, Workers workers) {
        others().attention(q, k, v, heads, scale, sequences, bias, out, workers);
    }

    @Override
    public void pool(Reduction reduction, Matrix x, Sequences sequences, int skip, Matrix out, Workers workers) {
        others().pool(reduction, x, sequences, skip, out, workers);
    }

    @Override
    public void normalize(Matrix x, Matrix out, Workers workers) {
        others().normalize(x, out, workers);
    }

    @Override
    public void maximum(Matrix a, Matrix b, Matrix out) {
        others().maximum(a, b, out);
    }
}
