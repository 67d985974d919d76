// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;

/// The operations that a forward pass is written in. An operation is added only if two families need it, or if one family
/// spends a twentieth of its time in it. Passes and kernels may fuse operations; models never do.
///
/// **How long a result lives.** A pass reuses its memory, so a result is valid for a limited time:
///
/// - An ordinary result is valid until the second call of [#layer] after it was made. A layer may read what the layer
///   before it returned, and nothing older.
/// - A wide result is valid until the next call of [#layer]. A result is wide if it comes from a linear layer with more
///   outputs than inputs, or from [#activation], [#multiply] or [#scale] of a wide result.
///
/// Reading a result after that gives other values. With assertions enabled it gives NaN.
///
/// **Who may read a result.** Operations may. Other code reads the values of [#fetch], since a pass may compute on a device
/// whose memory Java cannot read.
///
/// Every operation checks its shapes and names the layer when they do not fit: `encoder.layer.0.attention.self.query:
/// expected [*, 16], got [3, 8]`.
public interface Pass {

    /// Looks vectors up: `ids [T] → [T, H]`.
    ///
    /// @param embedding the table, `[V, H]`
    /// @param ids       token ids, `[T]`
    /// @return `[T, H]`
    /// @throws IllegalArgumentException if an id is outside the table
    Matrix embed(Embedding embedding, int[] ids);

    /// `activation(x · weightᵀ + bias)`: `[T, in] → [T, out]`.
    ///
    /// @param linear     weight `[out, in]`, bias and name
    /// @param x          `[T, in]`
    /// @param activation applied to the product; its module's name
    /// @return `[T, out]`
    Matrix linear(Linear linear, Matrix x, Activation activation);

    /// `x · weightᵀ + bias`: `[T, in] → [T, out]`.
    ///
    /// @param linear weight `[out, in]`, bias and name
    /// @param x      `[T, in]`
    /// @return `[T, out]`
    default Matrix linear(Linear linear, Matrix x) {
        return linear(linear, x, Activation.NONE);
    }

    /// The activation by itself: `[T, H] → [T, H]`, with the same bits as in [#linear].
    ///
    /// @param activation the function and the module's name
    /// @param x          `[T, H]`
    /// @return `[T, H]`
    Matrix activation(Activation activation, Matrix x);

    /// The residual connection: `a + b`, both `[T, H]`.
    ///
    /// @param a `[T, H]`
    /// @param b `[T, H]`
    /// @return `[T, H]`
    Matrix add(Matrix a, Matrix b);

    /// Multiplies every row by a vector, element by element: `[T, H] → [T, H]`.
    ///
    /// @param factors `[H]`
    /// @param x       `[T, H]`
    /// @return `[T, H]`
    Matrix scale(Parameter factors, Matrix x);

    /// Adds a vector to every row: `[T, H] → [T, H]`.
    ///
    /// @param summands `[H]`
    /// @param x        `[T, H]`
    /// @return `[T, H]`
    Matrix shift(Parameter summands, Matrix x);

    /// The gate of a gated unit: `a · b` element by element, both `[T, I]`.
    ///
    /// @param a `[T, I]`
    /// @param b `[T, I]`
    /// @return `[T, I]`
    Matrix multiply(Matrix a, Matrix b);

    /// Normalises each row: `[T, H] → [T, H]`.
    ///
    /// @param norm weight, bias, epsilon and name
    /// @param x    `[T, H]`
    /// @return `[T, H]`
    Matrix layerNorm(LayerNorm norm, Matrix x);

    /// Normalises each row by its root mean square: `[T, H] → [T, H]`.
    ///
    /// @param norm weight, bias, epsilon and name
    /// @param x    `[T, H]`
    /// @return `[T, H]`
    Matrix rmsNorm(RmsNorm norm, Matrix x);

    /// Rotary position embedding of queries or keys, head by head: `[T, N·D] → [T, N·D]`.
    ///
    /// @param rotation the angles
    /// @param x        `[T, N·D]`
    /// @param heads    number of heads in `x`
    /// @return `[T, N·D]`
    Matrix rotate(Rotation rotation, Matrix x, int heads);

    /// Multi-head attention within each sequence: queries `[T, N·D]`, keys and values `[T, G·D]` with G
    /// [Attention#keyHeads] → `[T, N·D]`.
    ///
    /// @param attention heads, scale and name
    /// @param q         queries, `[T, N·D]`
    /// @param k         keys, `[T, G·D]`
    /// @param v         values, `[T, G·D]`
    /// @param sequences where each sequence begins and ends
    /// @param bias      what is added to the scores
    /// @return `[T, N·D]`
    Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences, AttentionBias bias);

    /// An attention bias that depends on the distance of two tokens (T5, MPNet): values are looked up in a table.
    ///
    /// @param table   `[buckets, N]`: a value for each head
    /// @param buckets the row for each distance `key - query`, from the smallest on; farther keys get the outermost
    /// @return the bias, for one pass
    AttentionBias distanceBias(Embedding table, int[] buckets);

    /// Picks rows: `[T, H] → [rows.length, H]`.
    ///
    /// @param x    `[T, H]`
    /// @param rows which rows, in the order wanted
    /// @return `[rows.length, H]`
    Matrix rows(Matrix x, int[] rows);

    /// Pools the rows of each sequence: `[T, H] → [B, reductions · H]`.
    ///
    /// @param pooling   which reductions, and how many tokens they skip
    /// @param x         `[T, H]`
    /// @param sequences where each sequence begins and ends
    /// @return `[B, reductions · H]`
    Matrix pool(TokenPooling pooling, Matrix x, Sequences sequences);

    /// Scales each row to length one: `[T, H] → [T, H]`. A row of zeros stays a row of zeros.
    ///
    /// @param name names the result in traces and messages
    /// @param x    `[T, H]`
    /// @return `[T, H]`
    Matrix normalize(String name, Matrix x);

    /// The larger of `a` and `b`, element by element, both `[T, H]`. It joins parts that were pooled one by one because the whole
    /// would not fit in memory.
    ///
    /// @param a `[B, H]`
    /// @param b `[B, H]`
    /// @return `[T, H]`
    Matrix maximum(Matrix a, Matrix b);

    /// Each token beside its neighbours, zeros where there is none: `[T, H] → [T, offsets.length · H]`. A convolution over
    /// tokens is this and a linear layer.
    ///
    /// @param x         `[T, H]`
    /// @param sequences where each sequence begins and ends
    /// @param offsets   which neighbours, in the order they stand: `-1, 0, 1` for previous, self and next
    /// @return `[T, offsets.length · H]`
    Matrix neighbours(Matrix x, Sequences sequences, int... offsets);

    /// The values of a result where Java can read them, until the result itself ends. This is the one place where results
    /// leave the pass. On a CPU it is the result itself.
    ///
    /// @param x a result of this pass
    /// @return the values
    Matrix fetch(Matrix x);

    /// The rows of a result, copied to the heap.
    ///
    /// @param x a result of this pass
    /// @return a row each
    default float[][] fetchRows(Matrix x) {
        Matrix values = fetch(x);                                                               // [T, H]
        float[][] rows = new float[values.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = values.row(i);
        }
        return rows;
    }

    /// Dropout with probability `p`: the identity, except when training.
    ///
    /// @param x `[T, H]`
    /// @param p the probability that a value is dropped
    /// @return `[T, H]`
    default Matrix dropout(Matrix x, float p) {
        return x;
    }

    /// Gives `x` a name and returns it. Needed where a module's result is neither an operation with a name nor the result of
    /// its last child: for instance a residual sum that no norm follows.
    ///
    /// @param name the module's name, relative to the encoder: `encoder.layer.0.attention.output`
    /// @param x    the module's result
    /// @return `x`
    default Matrix module(String name, Matrix x) {
        return x;
    }

    /// Marks `x` as the result of a layer and returns it. Here memory is reused, see above.
    ///
    /// @param name the module's name, relative to the encoder: `encoder.layer.0`
    /// @param x    the layer's result
    /// @return `x`
    Matrix layer(String name, Matrix x);
}
