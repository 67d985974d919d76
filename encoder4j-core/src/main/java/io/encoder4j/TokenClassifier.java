// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Head;
import io.encoder4j.model.Task;
import io.encoder4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Labels for parts of a text: names, places, parts of speech, as transformers' `token-classification` pipeline gives them. May
/// be shared among threads.
public final class TokenClassifier {

    /// How tokens become entities.
    public enum Aggregation {
        /// Each token by itself, its label as it is: `B-PER`.
        NONE,
        /// Neighbours of one kind are one entity; a label `B-` begins another.
        SIMPLE,
        /// As [#SIMPLE], and the first token of a word speaks for the word.
        FIRST,
        /// As [#SIMPLE], and a word's probabilities are the mean of its tokens'.
        AVERAGE,
        /// As [#SIMPLE], and the token with the largest probability speaks for the word.
        MAX
    }

    /// @param aggregation  how tokens become entities
    /// @param ignoreLabels labels, or kinds, that are left out
    /// @param threshold    entities with smaller scores are left out
    public record Options(Aggregation aggregation, Set<String> ignoreLabels, double threshold) {

        /// Merged by kind, without what is `O`, outside all entities.
        public static Options defaults() {
            return new Options(Aggregation.SIMPLE, Set.of("O"), 0);
        }

        /// These options with another way to merge.
        public Options withAggregation(Aggregation other) {
            return new Options(other, ignoreLabels, threshold);
        }
    }

    private final Runner runner;
    private final Head head;
    private final EntityMerger merger;

    /// @param unknown the unknown token's id, or -1
    TokenClassifier(Runner runner, int unknown) {
        this.runner = runner;
        head = runner.heads().get(Task.TOKEN_CLASSIFICATION);
        merger = new EntityMerger(runner.heads().labels(), runner.tokenizer(), unknown);
    }

    /// The labels, by id.
    public List<String> labels() {
        return runner.heads().labels();
    }

    /// The entities of a text, in its order.
    public List<Entity> tag(String text) {
        return tag(List.of(text), Options.defaults()).getFirst();
    }

    /// For each text its entities, in its order. What is beyond the model's longest text has none.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<List<Entity>> tag(List<String> texts, Options options) {
        Encoding[] encodings = runner.encode(texts.stream().map(TextPair::of).toList());
        float[][][] logits = runner.tokenLogits(head, encodings);
        return IntStream.range(0, encodings.length)
                .mapToObj(i -> entities(texts.get(i), encodings[i], logits[i], options)).toList();
    }

    private List<Entity> entities(String text, Encoding encoding, float[][] logits, Options options) {
        List<EntityMerger.Token> tokens = new ArrayList<>();
        for (int t = 0; t < encoding.length(); t++) {
            if (!encoding.specialTokensMask()[t]) {
                tokens.add(merger.token(text, encoding, t, ScoreFunction.SOFTMAX.apply(logits[t])));
            }
        }
        return merger.merge(tokens, options.aggregation).stream().filter(entity ->
                !options.ignoreLabels.contains(entity.label()) && entity.score() >= options.threshold).toList();
    }
}
