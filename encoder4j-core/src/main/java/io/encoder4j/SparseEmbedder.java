// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.engine.Texts;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.sentence.Splade;
import io.encoder4j.task.SparseEmbedding;
import io.encoder4j.task.SparseTextEmbedder;
import io.encoder4j.task.SparseVector;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Reduction;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Truncation;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Texts to weights over the vocabulary: SPLADE (Formal et al. 2021), `log(1 + max(0, logit))`, for each token of the
/// vocabulary the largest over the text. May be shared among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="sparseEmbedder"}
public final class SparseEmbedder implements SparseTextEmbedder {

    /// The task, for [EncoderModel#task].
    public static final Task<SparseEmbedder> TASK = new Task<>("sparse", "weights over the vocabulary", HeadKind.MASKED_LM,
            facts -> facts.needs(HeadKind.MASKED_LM, "weights over " + facts.info().vocabSize() + " tokens"
                    + (facts.folder().isSparse() ? " (SpladePooling)" : "; meaningful if it was trained for it, as SPLADE is")),
            parts -> new SparseEmbedder(parts.runner(), parts.folder().splade().orElse(Splade.DEFAULT)));

    /// Rows of logits computed at a time: each is as long as the vocabulary.
    private static final int CHUNK = 32;

    private static final TokenPooling MAX = new TokenPooling("max", List.of(Reduction.MAX), 0);
    private static final TokenPooling SUM = new TokenPooling("sum", List.of(Reduction.SUM), 0);

    private final Runner runner;
    private final Head head;
    private final Splade splade;
    private final Activation weights;
    private final Steps<String, SparseVector, SparseEmbedding> steps = new Weights();

    SparseEmbedder(Runner runner, Splade splade) {
        this.runner = runner;
        this.splade = splade;
        weights = new Activation("weights", splade.activation());
        head = runner.heads().get(HeadKind.MASKED_LM);
    }

    /// {@return the same, where texts that are too long are cut on that side, and not on the one that the folder names}
    ///
    /// @param side what is cut off: the beginning or the end
    public SparseEmbedder withTruncationSide(Truncation.Direction side) {
        return new SparseEmbedder(runner.cutting(side), splade);
    }

    /// {@return a token's string, or null where the id has none}
    ///
    /// @param id the token id
    public @Nullable String token(int id) {
        return runner.texts().tokenizer().token(id);
    }

    /// {@return one text's weights}
    ///
    /// @param text the text
    @Override
    public SparseEmbedding embed(String text) {
        return runner.runOne(steps, text);
    }

    /// {@return the texts' weights, in the texts' order}
    ///
    /// @param texts the texts
    /// @throws InputException       naming every text that has no weights
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    @Override
    public List<SparseEmbedding> embed(List<String> texts) {
        return runner.run(steps, texts);
    }

    /// {@return forward passes that several callers share}
    public SharedBatches<String, SparseEmbedding> shared() {
        return SharedBatches.of(runner, steps);
    }

    private final class Weights implements Steps<String, SparseVector, SparseEmbedding> {

        @Override
        public List<Encoding> encode(String text) {
            return List.of(runner.texts().encode(text, null));
        }

        @Override
        public void compute(List<Encoding> encodings, Matrix hidden, Batch batch, Pass pass, Answers<SparseVector> answers) {
            pool(hidden, batch.sequences(), pass, (i, weights) ->
                    answers.give(i, () -> SparseVector.of(Runner.finite(pass.fetchRows(weights)[0]))));
        }

        @Override
        public SparseEmbedding finish(String text, List<Encoding> encodings, List<SparseVector> answers) {
            return new SparseEmbedding(answers.getFirst(), encodings.getFirst().length(), encodings.getFirst().truncated());
        }
    }

    /// What is done with a text's weights, `[1, V]`.
    private interface Answer {
        void accept(int text, Matrix weights);
    }

    /// Pools the logits of a few tokens at a time, since each row is as long as the vocabulary. What is still needed is carried
    /// from chunk to chunk: a result may be read until the layer after next.
    private void pool(Matrix hidden, Sequences sequences, Pass pass, Answer answer) {
        Matrix rest = hidden;                                                                   // [T left, H]
        for (int text = 0; text < sequences.count(); text++) {
            @Nullable Matrix pooled = null;
            for (int left = sequences.length(text); left > 0; left -= CHUNK) {
                int count = Math.min(CHUNK, left);
                Matrix chunk = pooled(rest.rows(0, count), pass);                               // [1, V]
                pooled = pooled == null ? chunk : splade.sum() ? pass.add(pooled, chunk) : pass.maximum(pooled, chunk);
                rest = pass.rows(rest, IntStream.range(count, rest.rows()).toArray());          // [T left, H]
                if (left > CHUNK) {
                    pass.layer("logits", chunk);
                }
            }
            if (pooled != null) {
                answer.accept(text, splade.sum() ? pooled : pass.activation(weights, pooled));  // [1, V]
            }
            pass.layer("logits", rest);
        }
    }

    private Matrix pooled(Matrix tokens, Pass pass) {
        Sequences one = Sequences.ofLengths(tokens.rows());
        Matrix logits = head.forward(tokens, one, pass);                                        // [chunk, V]
        return splade.sum() ? pass.pool(SUM, pass.activation(weights, logits), one) : pass.pool(MAX, logits, one);
    }
}
