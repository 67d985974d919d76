// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Linear;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.Encoding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// bge-m3's three kinds of vectors in one pass (Chen et al. 2024): the first token's vector, a weight for each of the text's
/// tokens, and a vector for each token but the first. May be shared among threads.
///
/// The two extra layers are read from `sparse_linear.safetensors` and `colbert_linear.safetensors`. The official repository
/// keeps them as pickles, which are never read; see the message for a way to convert them.
public final class HybridEmbedder {

    /// @param dense  `[H]`, of length one
    /// @param sparse the largest weight of each token of the text
    /// @param tokens one vector for each token but the first
    public record Hybrid(float[] dense, SparseVector sparse, TokenVectors tokens) { }

    private final Runner runner;
    private final Linear sparse;
    private final Linear colbert;
    private final Set<Integer> special;

    private HybridEmbedder(Runner runner, Linear sparse, Linear colbert) {
        this.runner = runner;
        this.sparse = sparse;
        this.colbert = colbert;
        special = runner.tokenizer().specialIds();
    }

    static HybridEmbedder load(Runner runner, Path folder, Kernels kernels, Arena arena) throws IOException {
        return new HybridEmbedder(runner, layer("sparse_linear", runner, folder, kernels, arena),
                layer("colbert_linear", runner, folder, kernels, arena));
    }

    private static Linear layer(String name, Runner runner, Path folder, Kernels kernels, Arena arena) throws IOException {
        Path file = folder.resolve(name + ".safetensors");
        if (!Files.exists(file)) {
            String pickle = name + ".pt";
            throw new CheckpointException(Files.exists(folder.resolve(pickle))
                    ? folder.resolve(pickle) + " is a pickle, which may run any program when read; convert it: python -c"
                    + " \"import torch; from safetensors.torch import save_file; save_file(torch.load('" + pickle
                    + "', weights_only=True), '" + name + ".safetensors')\""
                    : folder + ": has no " + name + ".safetensors; dense, sparse and token vectors together need a model"
                    + " like bge-m3");
        }
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            Weights weights = Weights.of(checkpoint, kernels, arena, List.of(""), "weight");
            Linear linear = weights.linear(runner.hiddenSize());
            weights.finish(List.of());
            return linear;
        }
    }

    /// The texts' vectors, in the texts' order.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<Hybrid> embed(List<String> texts) {
        Encoding[] encodings = runner.encode(texts.stream().map(TextPair::of).toList());
        Hybrid[] results = new Hybrid[encodings.length];
        runner.forward(encodings, (indices, hidden, batch, pass) -> {
            Matrix weights = pass.linear(sparse, hidden);                                       // [T, 1]
            Matrix vectors = pass.linear(colbert, hidden);                                      // [T, D]
            Sequences sequences = batch.sequences();
            for (int i = 0; i < indices.length; i++) {
                int from = sequences.start(i);
                int to = from + sequences.length(i);
                results[indices[i]] = new Hybrid(
                        TokenVectors.normalized(Runner.finite(hidden.row(from), indices[i])),
                        sparse(encodings[indices[i]], weights.rows(from, to), indices[i]),
                        tokens(vectors.rows(from, to), indices[i]));
            }
        });
        return List.of(results);
    }

    private SparseVector sparse(Encoding encoding, Matrix weights, int text) {
        float[] largest = new float[runner.tokenizer().vocabSize()];
        Runner.finite(weights.toArray(), text);
        for (int t = 0; t < encoding.length(); t++) {
            int id = encoding.ids()[t];
            if (!special.contains(id)) {
                largest[id] = Math.max(largest[id], weights.get(t, 0));
            }
        }
        return SparseVector.of(largest);
    }

    private static TokenVectors tokens(Matrix vectors, int text) {
        float[][] rows = new float[vectors.rows() - 1][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = TokenVectors.normalized(Runner.finite(vectors.row(t + 1), text));
        }
        return new TokenVectors(rows);
    }
}
