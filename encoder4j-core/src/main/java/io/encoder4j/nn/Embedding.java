// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A table of vectors, one for each id: torch's `nn.Embedding`.
///
/// Torch's `padding_idx` is about gradients and the first values ([#init]); a look-up gives that row like any other.
///
/// @param name   its name in the checkpoint, relative to the encoder
/// @param table  `[V, H]`; may be mapped from the file
/// @param finite looks at rows before they are used; null where values that are not finite may pass, as in torch
public record Embedding(String name, Matrix table, @Nullable FiniteRows finite) {

    /// A table whose values nobody looks at.
    public Embedding(String name, Matrix table) {
        this(name, table, null);
    }

    /// A table with torch's first values: normal with mean 0 and variance 1, and zeros in the padding row.
    ///
    /// @param numEmbeddings number of ids V
    /// @param embeddingDim  size of a vector H
    /// @param paddingIdx    the padding row, or null for none; negative counts from the last
    /// @param seed          the same seed gives the same table, though not torch's numbers for it
    /// @throws IllegalArgumentException if the sizes are not positive or the padding row is outside the table
    public static Embedding init(int numEmbeddings, int embeddingDim, @Nullable Integer paddingIdx, long seed) {
        if (numEmbeddings < 1 || embeddingDim < 1) {
            throw new IllegalArgumentException("num_embeddings and embedding_dim must be greater than 0, got "
                    + numEmbeddings + " and " + embeddingDim);
        }
        Tensor table = StateDict.init(
                List.of(new Parameter("weight", Parameter.normal(1), numEmbeddings, embeddingDim)), seed).get("weight");
        if (paddingIdx != null) {
            int row = paddingIdx < 0 ? numEmbeddings + paddingIdx : paddingIdx;
            if (row < 0 || row >= numEmbeddings) {
                throw new IllegalArgumentException("padding_idx must be within num_embeddings, got " + paddingIdx
                        + " of " + numEmbeddings);
            }
            java.util.Arrays.fill(table.values(), row * embeddingDim, (row + 1) * embeddingDim, 0);
        }
        return load(Map.of("weight", table));
    }

    /// The table of a state dict: `weight [V, H]`.
    ///
    /// @throws IllegalArgumentException if there is no such tensor, or others too, or it has not 2 dimensions
    public static Embedding load(Map<String, Tensor> state) {
        Tensor weight = state.get("weight");
        int[] shape = weight == null || weight.rank() != 2 ? new int[2] : weight.shape();
        Tensor table = StateDict.load("Embedding", List.of(new Parameter("weight", Parameter.ZEROS, shape)), state)
                .get("weight");
        return new Embedding("", table.toMatrix());
    }

    /// Number of ids.
    public int size() {
        return table.rows();
    }

    /// Looks up a batch: `[N][S] → [N, S, H]`.
    ///
    /// @throws IllegalArgumentException if an id is outside the table or the sequences differ in length
    public Tensor forward(int[][] ids) {
        int length = ids.length == 0 ? 0 : ids[0].length;
        Tensor out = Tensor.zeros(ids.length, length, table.cols());
        for (int i = 0; i < ids.length; i++) {
            if (ids[i].length != length) {
                throw new IllegalArgumentException("sequence " + i + " has " + ids[i].length
                        + " ids, sequence 0 has " + length);
            }
            copy(ids[i], i, out.values(), i * length * table.cols());
        }
        return out;
    }

    /// Looks up one sequence: `[S] → [S, H]`.
    ///
    /// @throws IllegalArgumentException if an id is outside the table
    public Tensor forward(int[] ids) {
        return forward(new int[][] {ids}).reshape(ids.length, table.cols());
    }

    private void copy(int[] ids, int sequence, float[] out, int offset) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= size()) {
                throw new IllegalArgumentException("id " + ids[i] + " at token " + i + " of sequence " + sequence
                        + " is outside the table of " + size() + " rows");
            }
            System.arraycopy(table.row(ids[i]), 0, out, offset + i * table.cols(), table.cols());
        }
    }
}
