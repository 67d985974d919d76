// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.task.Entity;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import io.encoder4j.task.TextTagger;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Labels for parts of a text: names, places, parts of speech, as transformers' `token-classification` pipeline gives them. May
/// be shared among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="tokenClassifier"}
public final class TokenClassifier implements TextTagger {

    /// The task, for [EncoderModel#task].
    public static final Task<TokenClassifier> TASK = new Task<>("tag", "labels for parts of a text",
            HeadKind.TOKEN_CLASSIFICATION, facts -> facts.needs(HeadKind.TOKEN_CLASSIFICATION, facts.labels()),
            parts -> new TokenClassifier(parts.runner()));

    private final Runner runner;
    private final Head head;
    private final EntityMerger merger;

    TokenClassifier(Runner runner) {
        this.runner = runner;
        Tokenizer tokenizer = runner.texts().tokenizer();
        int unknown = tokenizer.tokenId("[UNK]").orElseGet(() -> tokenizer.tokenId("<unk>").orElse(-1));
        head = runner.heads().get(HeadKind.TOKEN_CLASSIFICATION);
        merger = new EntityMerger(runner.heads().labels(), tokenizer, unknown);
    }

    /// {@return the labels, by id}
    @Override
    public List<String> labels() {
        return runner.heads().labels();
    }

    /// {@return the entities of a text, in its order}
    ///
    /// @param text the text
    @Override
    public Tagging tag(String text) {
        return runner.runOne(steps(TagOptions.defaults()), text);
    }

    /// {@return for each text its entities, in its order} A text longer than the model takes is read in windows; of entities
    /// that two windows see differently the longer one stays, or the one with the higher score.
    ///
    /// @param texts   the texts
    /// @param options how tokens become entities
    /// @throws InputException       naming every text that has no answer
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    @Override
    public List<Tagging> tag(List<String> texts, TagOptions options) {
        return runner.run(steps(options), texts);
    }

    /// {@return forward passes that several callers share}
    ///
    /// @param options how tokens become entities
    public SharedBatches<String, Tagging> shared(TagOptions options) {
        return SharedBatches.of(runner, steps(options));
    }

    private Steps<String, float[][], Tagging> steps(TagOptions options) {
        return HeadSteps.perToken(head, text -> runner.texts().windows(text, options.stride()), (text, windows, logits) ->
                new Tagging(entities(text, windows, logits, options), HeadSteps.tokens(windows), false));
    }

    private List<Entity> entities(String text, List<Encoding> windows, List<float[][]> logits, TagOptions options) {
        List<Entity> entities = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            entities.addAll(entities(text, windows.get(w), logits.get(w), options));
        }
        return (windows.size() > 1 ? withoutOverlaps(entities) : entities).stream()
                .filter(entity -> entity.score() >= options.threshold()).toList();
    }

    private List<Entity> entities(String text, Encoding encoding, float[][] logits, TagOptions options) {
        List<EntityMerger.Token> tokens = new ArrayList<>();
        for (int t = 0; t < encoding.length(); t++) {
            if (!encoding.specialTokensMask()[t]) {
                tokens.add(merger.token(text, encoding, t, ScoreFunction.SOFTMAX.apply(logits[t])));
            }
        }
        return merger.merge(tokens, options.aggregation()).stream()
                .filter(entity -> !options.ignoreLabels().contains(entity.label())).toList();
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
