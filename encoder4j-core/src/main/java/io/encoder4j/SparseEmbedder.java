// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.Splade;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts to weights over the vocabulary: SPLADE (Formal et al. 2021), `log(1 + max(0, logit))`, for each token of the
/// vocabulary the largest over the text. May be shared among threads.
public final class SparseEmbedder {

    /// Rows of logits computed at a time: each is as long as the vocabulary.
    private static final int CHUNK = 32;

    private final Runner runner;
    private final Head head;
    private final Splade splade;

    SparseEmbedder(Runner runner, Splade splade) {
        this.runner = runner;
        this.splade = splade;
        head = runner.heads().get(HeadKind.MASKED_LM);
    }

    /// A token's string, or null where the id has none.
    public @Nullable String token(int id) {
        return runner.tokenizer().token(id);
    }

    /// One text's weights.
    public SparseVector embed(String text) {
        return embed(List.of(text)).getFirst();
    }

    /// The texts' weights, in the texts' order.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<SparseVector> embed(List<String> texts) {
        Encoding[] encodings = runner.encode(texts.stream().map(TextPair::of).toList());
        SparseVector[] vectors = new SparseVector[encodings.length];
        runner.forward(encodings, (indices, hidden, batch, pass) -> {
            // A copy, since the pass's memory is taken back after each chunk of logits.
            Matrix kept = Matrix.of(hidden.rows(), hidden.cols(), hidden.toArray());            // [T, H]
            Sequences sequences = batch.sequences();
            for (int i = 0; i < indices.length; i++) {
                Matrix tokens = kept.rows(sequences.start(i), sequences.start(i) + sequences.length(i));
                vectors[indices[i]] = SparseVector.of(Runner.finite(pool(tokens, pass), indices[i]));
            }
        });
        return List.of(vectors);
    }

    private float[] pool(Matrix tokens, Pass pass) {
        float[] pooled = new float[0];
        for (int from = 0; from < tokens.rows(); from += CHUNK) {
            Matrix chunk = tokens.rows(from, Math.min(tokens.rows(), from + CHUNK));
            Matrix logits = head.forward(chunk, Sequences.ofLengths(chunk.rows()), pass);       // [chunk, V]
            pooled = pooled.length == 0 ? new float[logits.cols()] : pooled;
            for (int row = 0; row < logits.rows(); row++) {
                add(logits.row(row), pooled);
            }
            pass.layer("logits", logits);
        }
        return pooled;
    }

    private void add(float[] logits, float[] pooled) {
        for (int i = 0; i < pooled.length; i++) {
            // What is not a number must stay visible.
            if (!(logits[i] <= 0)) {
                float weight = (float) Math.log1p(logits[i]);
                weight = splade.twiceLog1p() ? (float) Math.log1p(weight) : weight;
                pooled[i] = splade.sum() ? pooled[i] + weight : Math.max(pooled[i], weight);
            }
        }
    }
}
