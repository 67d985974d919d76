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

    /// {@return a short name for people: `scalar`, `vector-512`}
    String name();

    /// {@return the precision of linear products, for people: `float32`, `bfloat16`, `int8`, `float32 (split bfloat16)`}
    String precision();

    /// {@return a loop that measures the most that [#linear] could reach; empty if these kernels have none}
    default Optional<PeakLoop> peakLoop() {
        return Optional.empty();
    }

    /// Memory for results of these kernels, with undefined contents. A pass asks for it in large pieces and divides them into
    /// matrices. By default it is native memory.
    ///
    /// @param arena owns the memory
    /// @param bytes how many
    /// @return `bytes` bytes, aligned to [Matrix#ALIGNMENT]
    default MemorySegment allocate(Arena arena, long bytes) {
        return arena.allocate(bytes, Matrix.ALIGNMENT);
    }

    /// {@return an arena for what [#place] makes, closed by whoever asked for it; may be shared among threads} By default one of native
    /// memory.
    default Arena weightArena() {
        return Arena.ofShared();
    }

    /// Lays the parameters of a linear layer out for [#linear]. Kernels of a device would upload them here.
    ///
    /// @param weights the parameters, or views of them
    /// @param arena   owns the layout's memory
    /// @param check   sees the weight `[out, in]` before it is laid out
    /// @return what [#linear] reads
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
    /// @return what [#linear] reads
    PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias);

    /// `out = activation(x · weightᵀ + bias)`: `[T, in] → [T, out]`.
    ///
    /// @param x          `[T, in]`
    /// @param weight     a weight of these kernels
    /// @param activation the function applied to each value
    /// @param out        receives `[T, out]`
    /// @param workers    the threads to divide the work among
    void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers);

    /// `out[i] = table[rows[i]]`: `[V, H] → [T, H]`. A row of -1 is all zeros.
    ///
    /// @param table `[V, H]`
    /// @param rows  which rows of the table
    /// @param out   receives `[T, H]`
    void gather(Matrix table, int[] rows, Matrix out);

    /// `out = a + b`; `out` may be either operand.
    ///
    /// @param a   `[T, H]`
    /// @param b   `[T, H]`
    /// @param out receives `[T, H]`; may be an operand
    void add(Matrix a, Matrix b, Matrix out);

    /// `out = a · b`, element by element; `out` may be either operand.
    ///
    /// @param a   `[T, H]`
    /// @param b   `[T, H]`
    /// @param out receives `[T, H]`; may be an operand
    void multiply(Matrix a, Matrix b, Matrix out);

    /// `out[i] = x[i] · factors` for each row; `out` may be `x`.
    ///
    /// @param x       `[T, H]`
    /// @param factors `[H]`
    /// @param out     receives `[T, H]`; may be an operand
    void scale(Matrix x, float[] factors, Matrix out);

    /// `out[i] = x[i] + summands` for each row; `out` may be `x`.
    ///
    /// @param x        `[T, H]`
    /// @param summands `[H]`
    /// @param out      receives `[T, H]`; may be an operand
    void shift(Matrix x, float[] summands, Matrix out);

    /// `out = activation(x)`; `out` may be `x`.
    ///
    /// @param activation the function applied to each value
    /// @param x          `[T, H]`
    /// @param out        receives `[T, H]`; may be an operand
    void activation(ActivationFunction activation, Matrix x, Matrix out);

    /// `out = (x - mean) / √(variance + eps) · weight + bias` for each row, with the biased variance and eps inside the
    /// root, as `torch.nn.LayerNorm`. `out` may be `x`.
    ///
    /// @param x      `[T, H]`
    /// @param weight `[H]`, or null for ones
    /// @param bias   `[H]`, or null for zeros
    /// @param eps    added to the variance before the root is taken
    /// @param out    receives `[T, H]`; may be an operand
    void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out);

    /// `out = x / √(mean of squares + eps) · weight` for each row, as `torch.nn.RMSNorm`. `out` may be `x`.
    ///
    /// @param x      `[T, H]`
    /// @param weight `[H]`
    /// @param eps    added to the variance before the root is taken
    /// @param out    receives `[T, H]`; may be an operand
    void rmsNorm(Matrix x, float[] weight, float eps, Matrix out);

    /// Rotates the pairs of features of each head of `[T, N·D]`; `out` may be `x`.
    ///
    /// @param x        `[T, N·D]`
    /// @param rotation the angle of each row and pair
    /// @param headSize D, at least `2 · rotation.pairs()`
    /// @param out      receives `[T, N·D]`; may be `x`
    void rotate(Matrix x, Rotation rotation, int headSize, Matrix out);

    /// Multi-head attention within each sequence: for every head, `softmax(scale · q · kᵀ + bias) · v`, heads side by side
    /// in the columns: `[T, N·D] → [T, N·D]`. A query that can see no key gets zeros.
    ///
    /// @param q         `[T, N·D]`
    /// @param k         `[T, G·D]`, as `v`: G heads, a divisor of N, each shared by N / G neighbouring heads of the queries
    /// @param v         `[T, G·D]`
    /// @param heads     N
    /// @param scale     usually `1 / √D`
    /// @param sequences where each sequence begins and ends
    /// @param bias      what is added to the scores
    /// @param out       receives `[T, N·D]`
    /// @param workers   the threads to divide the work among
    void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, AttentionBias bias,
            Matrix out, Workers workers);

    /// Reduces the rows of each sequence to one: `[T, H] → [B, H]`. An empty sequence has zeros.
    ///
    /// @param reduction how rows become one
    /// @param x         `[T, H]`
    /// @param sequences where each sequence begins and ends
    /// @param skip      rows at the start of each sequence that are not used; its last row always is
    /// @param out       receives `[B, H]`; may be a part of wider rows
    /// @param workers   the threads to divide the work among
    default void pool(Reduction reduction, Matrix x, Sequences sequences, int skip, Matrix out, Workers workers) {
        RowReduction.pool(reduction, x, sequences, skip, out, workers);
    }

    /// `out = x / max(‖x‖, 1e-12)` for each row, as `torch.nn.functional.normalize`. `out` may be `x`.
    ///
    /// @param x       `[T, H]`
    /// @param out     receives `[T, H]`; may be `x`
    /// @param workers the threads to divide the work among
    default void normalize(Matrix x, Matrix out, Workers workers) {
        RowReduction.normalize(x, out, workers);
    }

    /// `out = max(a, b)`, element by element; `out` may be either operand. NaN if either is NaN.
    ///
    /// @param a   `[T, H]`
    /// @param b   `[T, H]`
    /// @param out receives `[T, H]`; may be an operand
    default void maximum(Matrix a, Matrix b, Matrix out) {
        RowReduction.maximum(a, b, out);
    }
}
