// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelFolder;
import io.encoder4j.checkpoint.Safetensors;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.task.Counted;
import io.encoder4j.task.SparseVector;
import io.encoder4j.task.TokenVectors;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import io.encoder4j.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// bge-m3's three kinds of vectors in one pass (Chen et al. 2024): the first token's vector, a weight for each of the text's
/// tokens but those called cls, eos, pad and unk, and a vector for each token but the first. May be shared among threads.
///
/// The two extra layers are read from `sparse_linear.safetensors` and `colbert_linear.safetensors`. The official repository
/// keeps them as pickles, which are never read; see the message for a way to convert them.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="hybridEmbedder"}
public final class HybridEmbedder {

    private static final String SPARSE = "sparse_linear";
    private static final String COLBERT = "colbert_linear";
    private static final String FILE = ".safetensors";

    /// Roles of tokens that say nothing of a text, and what has them where the tokenizer's configuration does not say.
    private static final Map<String, List<String>> UNWEIGHTED = Map.of("cls_token", List.of("<s>", "[CLS]"), "eos_token",
            List.of("</s>"), "pad_token", List.of("<pad>", "[PAD]"), "unk_token", List.of("<unk>", "[UNK]"));

    /// The task, for [EncoderModel#task].
    public static final Task<HybridEmbedder> TASK = new Task<>("hybrid", "dense, sparse and token vectors in one pass", null,
            HybridEmbedder::check, HybridEmbedder::new);

    /// The three vectors of a text.
    ///
    /// @param dense  `[H]`, of length one
    /// @param sparse the largest weight of each token of the text
    /// @param tokenVectors one for each token but the first
    public record Hybrid(float[] dense, SparseVector sparse, TokenVectors tokenVectors) implements Counted {

        @Override
        public int tokens() {
            return tokenVectors.tokens();
        }

        @Override
        public boolean truncated() {
            return tokenVectors.truncated();
        }
    }

    private static final Activation POSITIVE = new Activation("sparse_linear.relu", StandardActivation.RELU);

    private final Runner runner;
    private final Linear sparse;
    private final Linear colbert;
    private final Set<Integer> unweighted;
    private final Steps<String, Hybrid, Hybrid> steps = new Vectors();

    private HybridEmbedder(ModelParts parts) throws IOException {
        runner = parts.runner();
        sparse = layer(SPARSE, parts);
        colbert = layer(COLBERT, parts);
        unweighted = unweighted(parts);
    }

    /// Tokens that have no weight: those that the tokenizer calls cls, eos, pad and unk.
    private static Set<Integer> unweighted(ModelParts parts) throws IOException {
        Set<Integer> ids = new HashSet<>();
        for (Map.Entry<String, List<String>> role : UNWEIGHTED.entrySet()) {
            String given = parts.tokenizerConfig(role.getKey());
            (given == null ? role.getValue().stream() : Stream.of(given))
                    .flatMap(token -> parts.runner().texts().tokenizer().tokenId(token).stream().boxed()).forEach(ids::add);
        }
        return ids;
    }

    private static Ability.Verdict check(ModelFacts facts) {
        ModelFolder files = new ModelFolder(facts.folder().transformer());
        return files.has(SPARSE + FILE) && files.has(COLBERT + FILE) ? Ability.Verdict.yes("dense, sparse and token vectors")
                : Ability.Verdict.no("needs " + SPARSE + FILE + " and " + COLBERT + FILE + ", as bge-m3 has");
    }

    private static Linear layer(String name, ModelParts parts) throws IOException {
        Path folder = parts.folder().transformer();
        Optional<Path> file = new ModelFolder(folder).find(name + FILE);
        if (file.isEmpty()) {
            String pickle = name + ".pt";
            throw new CheckpointException(Files.exists(folder.resolve(pickle))
                    ? folder.resolve(pickle) + " is a pickle, which may run any program when read; convert it: python -c"
                    + " \"import torch; from safetensors.torch import save_file; save_file(torch.load('" + pickle
                    + "', weights_only=True), '" + name + ".safetensors')\""
                    : folder + ": has no " + name + ".safetensors; dense, sparse and token vectors together need a model"
                    + " like bge-m3");
        }
        Weights weights = Weights.of(Safetensors.open(file.get(), parts.arena()), parts.kernels(), parts.arena(), List.of(""),
                "weight").at("", name);
        Linear linear = weights.linear(parts.runner().hiddenSize());
        weights.finish(List.of(), 1);
        return linear;
    }

    /// The texts' vectors, in the texts' order.
    ///
    /// @param texts any number of them
    /// @return one result for each text
    /// @throws InputException       naming every text that has no vectors
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    public List<Hybrid> embed(List<String> texts) {
        return runner.run(steps, texts);
    }

    /// {@return forward passes that several callers share}
    public SharedBatches<String, Hybrid> shared() {
        return SharedBatches.of(runner, steps);
    }

    private final class Vectors implements Steps.Single<String, Hybrid> {

        @Override
        public List<Encoding> encode(String text) {
            return List.of(runner.texts().encode(text, null));
        }

        @Override
        public void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<Hybrid> answers) {
            Sequences sequences = batch.sequences();
            Matrix first = pass.rows(hidden, Arrays.copyOf(sequences.starts(), sequences.count()));         // [B, H]
            float[][] dense = pass.fetchRows(pass.normalize("dense.normalize", first));
            float[][] weights = pass.fetchRows(pass.linear(sparse, hidden, POSITIVE));             // [T, 1]
            float[][] vectors = pass.fetchRows(pass.normalize("colbert_linear.normalize", pass.linear(colbert, hidden)));  // [T, D]
            for (int i = 0; i < encodings.size(); i++) {
                Encoding encoding = encodings.get(i);
                int text = i;
                int from = sequences.start(i);
                int to = from + sequences.length(i);
                answers.give(i, () -> new Hybrid(Runner.finite(dense[text]),
                        sparse(encoding, Arrays.copyOfRange(weights, from, to)),
                        new TokenVectors(Arrays.stream(vectors, from + 1, to).map(Runner::finite).toArray(float[][]::new),
                                encoding.length(), encoding.truncated())));
            }
        }
    }

    /// Gathers the tokens' weights by token; of a token that stands in the text more than once, the largest.
    private SparseVector sparse(Encoding encoding, float[][] weights) {
        float[] largest = new float[runner.texts().tokenizer().vocabSize()];
        for (int t = 0; t < encoding.length(); t++) {
            float weight = Runner.finite(weights[t])[0];
            int id = encoding.ids()[t];
            if (!unweighted.contains(id)) {
                largest[id] = Math.max(largest[id], weight);
            }
        }
        return SparseVector.of(largest);
    }
}
