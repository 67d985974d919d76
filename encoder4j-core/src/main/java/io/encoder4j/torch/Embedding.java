// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Torch's `nn.Embedding`: a table of vectors, one for each id.
///
/// Torch's `padding_idx` concerns gradients and the first values ([#init]). A look-up returns that row like any other.
///
/// @param weight the table `[V, H]`
public record Embedding(Tensor weight) {

    /// Checks the table.
    ///
    /// @throws IllegalArgumentException if the table does not have 2 dimensions
    public Embedding {
        if (weight.rank() != 2) {
            throw new IllegalArgumentException("the weight of an embedding must have 2 dimensions, got shape "
                    + Arrays.toString(weight.shape()));
        }
    }

    /// {@return a table with torch's first values: normal with mean 0 and variance 1, and zeros in the padding row}
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
        Tensor table = StateDict.init(parameters(numEmbeddings, embeddingDim), seed).get("weight");
        if (paddingIdx != null) {
            int row = paddingIdx < 0 ? numEmbeddings + paddingIdx : paddingIdx;
            if (row < 0 || row >= numEmbeddings) {
                throw new IllegalArgumentException("padding_idx must be within num_embeddings, got " + paddingIdx
                        + " of " + numEmbeddings);
            }
            Arrays.fill(table.values(), row * embeddingDim, (row + 1) * embeddingDim, 0);
        }
        return new Embedding(table);
    }

    /// {@return the table of a state dict: `weight [V, H]`, copied}
    ///
    /// @param state has `weight`
    /// @throws IllegalArgumentException if there is no such tensor, if there are others, or if it does not have 2
    ///                                  dimensions
    public static Embedding load(Map<String, Tensor> state) {
        Tensor weight = state.get("weight");
        int[] shape = weight == null || weight.rank() != 2 ? new int[2] : weight.shape();
        return new Embedding(StateDict.load("Embedding", parameters(shape), state).get("weight"));
    }

    private static List<ParameterSpec> parameters(int... shape) {
        return List.of(new ParameterSpec("weight", ParameterSpec.normal(1), shape));
    }

    /// {@return the parameters by torch's names: `weight`}
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        state.put("weight", weight);
        return state;
    }

    /// {@return number of ids V}
    public int size() {
        return weight.size(0);
    }

    /// Looks up a batch: `[N][S] → [N, S, H]`.
    ///
    /// @param ids row numbers of the table
    /// @return the rows, in the shape of the ids
    /// @throws IllegalArgumentException if an id is outside the table or the sequences differ in length
    public Tensor forward(int[][] ids) {
        int length = ids.length == 0 ? 0 : ids[0].length;
        Tensor out = Tensor.zeros(ids.length, length, weight.size(1));
        for (int i = 0; i < ids.length; i++) {
            if (ids[i].length != length) {
                throw new IllegalArgumentException("sequence " + i + " has " + ids[i].length
                        + " ids, sequence 0 has " + length);
            }
            copy(ids[i], i, out.values(), i * length * weight.size(1));
        }
        return out;
    }

    /// Looks up one sequence: `[S] → [S, H]`.
    ///
    /// @param ids row numbers of the table
    /// @return the rows, in the shape of the ids
    /// @throws IllegalArgumentException if an id is outside the table
    public Tensor forward(int[] ids) {
        return forward(new int[][] {ids}).reshape(ids.length, weight.size(1));
    }

    private void copy(int[] ids, int sequence, float[] out, int offset) {
        int width = weight.size(1);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= size()) {
                throw new IllegalArgumentException("id " + ids[i] + " at token " + i + " of sequence " + sequence
                        + " is outside the table of " + size() + " rows");
            }
            System.arraycopy(weight.values(), ids[i] * width, out, offset + i * width, width);
        }
    }
}
