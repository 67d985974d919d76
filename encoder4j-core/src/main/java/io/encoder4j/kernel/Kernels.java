// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Reduction;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The operations of a forward pass. The caller ([io.encoder4j.nn.Pass]) checks the shapes. Outputs may not overlap inputs
/// unless an operation says so. Letters: T tokens, H hidden size, N heads, D head size.
public interface Kernels {

    /// A short name for people: `scalar`, `vector-512`.
    String name();

    /// The precision of linear products, for people: `float32`, `bfloat16`, `float32 (split bfloat16)`.
    String precision();

    /// A loop that measures the most that [#linear] could reach; empty if these kernels have none.
    default Optional<PeakLoop> peakLoop() {
        return Optional.empty();
    }

    /// Memory for results of these kernels, with undefined contents. A pass asks for it in large pieces and divides them into
    /// matrices. By default it is native memory.
    ///
    /// @param arena owns the memory
    /// @return `bytes` bytes, aligned to [Matrix#ALIGNMENT]
    default MemorySegment allocate(Arena arena, long bytes) {
        return arena.allocate(bytes, Matrix.ALIGNMENT);
    }

    /// Lays the parameters of a linear layer out for [#linear]. Kernels of a device would upload them here.
    ///
    /// @param arena owns the layout's memory
    /// @param check sees the weight `[out, in]` before it is laid out
    default PackedWeight place(LinearWeights weights, Arena arena, Consumer<Matrix> check) {
        try (Arena temporary = Arena.ofConfined()) {
            Matrix weight = weights.weight().read(temporary);                                   // [out, in]
            check.accept(weight);
            PackedWeight packed = pack(arena, weight, weights.bias() == null ? null : weights.bias().read());
            if (weight.data().isMapped()) {
                // The weight is not needed again soon, and could be read from the file again: only the layout stays in memory.
                weight.data().asSlice(weight.rowBytes(0), (long) weight.rows() * weight.cols() * Float.BYTES).unload();
            }
            return packed;
        }
    }

    /// Lays a weight out for [#linear].
    ///
    /// @param arena  owns the packed memory
    /// @param weight `[out, in]`, as checkpoints store it; not kept
    /// @param bias   `[out]`, or null for none
    PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias);

    /// `out = activation(x · weightᵀ + bias)`: `[T, in] → [T, out]`.
    void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers);

    /// `out[i] = table[rows[i]]`: `[V, H] → [T, H]`. A row of -1 is all zeros.
    void gather(Matrix table, int[] rows, Matrix out);

    /// `out = a + b`; `out` may be either operand.
    void add(Matrix a, Matrix b, Matrix out);

    /// `out = a · b`, element by element; `out` may be either operand.
    void multiply(Matrix a, Matrix b, Matrix out);

    /// `out[i] = x[i] · factors` for each row; `out` may be `x`.
    ///
    /// @param factors `[H]`
    void scale(Matrix x, float[] factors, Matrix out);

    /// `out[i] = x[i] + summands` for each row; `out` may be `x`.
    ///
    /// @param summands `[H]`
    void shift(Matrix x, float[] summands, Matrix out);

    /// `out = activation(x)`; `out` may be `x`.
    void activation(ActivationFunction activation, Matrix x, Matrix out);

    /// `out = (x - mean) / √(variance + eps) · weight + bias` for each row, with the biased variance and eps inside the
    /// root, as `torch.nn.LayerNorm`. `out` may be `x`.
    ///
    /// @param weight `[H]`, or null for ones
    /// @param bias   `[H]`, or null for zeros
    void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out);

    /// `out = x / √(mean of squares + eps) · weight` for each row, as `torch.nn.RMSNorm`. `out` may be `x`.
    ///
    /// @param weight `[H]`
    void rmsNorm(Matrix x, float[] weight, float eps, Matrix out);

    /// Rotates the pairs of features of each head of `[T, N·D]`; `out` may be `x`.
    ///
    /// @param headSize D, at least `2 · rotation.pairs()`
    void rotate(Matrix x, Rotation rotation, int headSize, Matrix out);

    /// Multi-head attention within each sequence: for every head, `softmax(scale · q · kᵀ + bias) · v`, heads side by side
    /// in the columns: `[T, N·D] → [T, N·D]`. A query that can see no key gets zeros.
    ///
    /// @param k     `[T, G·D]`, as `v`: G heads, a divisor of N, each shared by N / G neighbouring heads of the queries
    /// @param heads N
    /// @param scale usually `1 / √D`
    void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, AttentionBias bias,
            Matrix out, Workers workers);

    /// Reduces the rows of each sequence to one: `[T, H] → [B, H]`. An empty sequence has zeros.
    ///
    /// @param skip rows at the start of each sequence that are not used; its last row always is
    default void pool(Reduction reduction, Matrix x, Sequences sequences, int skip, Matrix out, Workers workers) {
        RowReduction.pool(reduction, x, sequences, skip, out, workers);
    }

    /// `out = x / max(‖x‖, 1e-12)` for each row, as `torch.nn.functional.normalize`. `out` may be `x`.
    default void normalize(Matrix x, Matrix out, Workers workers) {
        RowReduction.normalize(x, out, workers);
    }

    /// `out = max(a, b)`, element by element; `out` may be either operand. NaN if either is NaN.
    default void maximum(Matrix a, Matrix b, Matrix out) {
        RowReduction.maximum(a, b, out);
    }
}
