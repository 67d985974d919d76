// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Head;
import io.encoder4j.model.Task;
import io.encoder4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

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
    /// @param stride       tokens by which the windows of a long text overlap; 128, or half of what a window has for the text
    public record Options(Aggregation aggregation, Set<String> ignoreLabels, double threshold, int stride) {

        /// @throws IllegalArgumentException if the stride is negative
        public Options {
            if (stride < 0) {
                throw new IllegalArgumentException("stride must not be negative: " + stride);
            }
        }

        /// Merged by kind, without what is `O`, outside all entities.
        public static Options defaults() {
            return new Options(Aggregation.SIMPLE, Set.of("O"), 0, 128);
        }

        /// These options with another way to merge.
        public Options withAggregation(Aggregation other) {
            return new Options(other, ignoreLabels, threshold, stride);
        }

        /// These options with windows that overlap by other than 128 tokens.
        public Options withStride(int tokens) {
            return new Options(aggregation, ignoreLabels, threshold, tokens);
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

    /// For each text its entities, in its order. A text longer than the model takes is read in windows; of entities that two
    /// windows see differently the longer one stays, or the one with the higher score.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<List<Entity>> tag(List<String> texts, Options options) {
        List<List<Encoding>> windows = runner.windows(texts, options.stride);
        Encoding[] encodings = windows.stream().flatMap(List::stream).toArray(Encoding[]::new);
        float[][][] logits = runner.tokenLogits(head, encodings);
        List<List<Entity>> results = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<Entity> entities = new ArrayList<>();
            for (int w = 0; w < windows.get(i).size(); w++, next++) {
                entities.addAll(entities(texts.get(i), encodings[next], logits[next], options));
            }
            results.add((windows.get(i).size() > 1 ? withoutOverlaps(entities) : entities).stream()
                    .filter(entity -> entity.score() >= options.threshold).toList());
        }
        return results;
    }

    private List<Entity> entities(String text, Encoding encoding, float[][] logits, Options options) {
        List<EntityMerger.Token> tokens = new ArrayList<>();
        for (int t = 0; t < encoding.length(); t++) {
            if (!encoding.specialTokensMask()[t]) {
                tokens.add(merger.token(text, encoding, t, ScoreFunction.SOFTMAX.apply(logits[t])));
            }
        }
        return merger.merge(tokens, options.aggregation).stream()
                .filter(entity -> !options.ignoreLabels.contains(entity.label())).toList();
    }

    private static List<Entity> withoutOverlaps(List<Entity> entities) {
        List<Entity> kept = new ArrayList<>();
        for (Entity entity : entities.stream().sorted(Comparator.comparingInt(Entity::start)).toList()) {
            Entity last = kept.isEmpty() ? null : kept.getLast();
            if (last == null || entity.start() >= last.end()) {
                kept.add(entity);
            } else if (length(entity) > length(last) || length(entity) == length(last) && entity.score() > last.score()) {
                kept.set(kept.size() - 1, entity);
            }
        }
        return kept;
    }

    private static int length(Entity entity) {
        return entity.end() - entity.start();
    }
}
