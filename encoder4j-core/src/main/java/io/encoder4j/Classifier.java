// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.TextClassifier;
import io.encoder4j.task.TextPair;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Truncation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A label for a text or a pair, as transformers' `text-classification` pipeline gives it. May be shared among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="classifier"}
public final class Classifier implements TextClassifier {

    /// The task, for [EncoderModel#task].
    public static final Task<Classifier> TASK = new Task<>("classify", "labels for a text or a pair",
            HeadKind.SEQUENCE_CLASSIFICATION, facts -> facts.needs(HeadKind.SEQUENCE_CLASSIFICATION, facts.labels()),
            Classifier::new);

    private final Runner runner;
    private final Head head;
    private final ScoreFunction configured;

    private Classifier(Runner runner, ScoreFunction configured) {
        this.runner = runner;
        this.configured = configured;
        head = runner.heads().get(HeadKind.SEQUENCE_CLASSIFICATION);
    }

    Classifier(ModelParts parts) {
        this(parts.runner(), configured(parts));
    }

    /// As config.json says.
    private static ScoreFunction configured(ModelParts parts) {
        return switch (parts.config().text("problem_type", "")) {
            case "regression" -> ScoreFunction.NONE;
            case "multi_label_classification" -> ScoreFunction.SIGMOID;
            default -> parts.runner().heads().labelCount() == 1 ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX;
        };
    }

    /// {@return the same, where texts and pairs that are too long are cut on that side, and not on the one that the folder names}
    ///
    /// @param side what is cut off: the beginning or the end
    public Classifier withTruncationSide(Truncation.Direction side) {
        return new Classifier(runner.cutting(side), configured);
    }

    /// {@return the labels, by id}
    @Override
    public List<String> labels() {
        return runner.heads().labels();
    }

    /// {@return the labels of a text, the best first}
    ///
    /// @param text the text
    @Override
    public Classification classify(String text) {
        return runner.runOne(steps(ClassifyOptions.defaults()), new TextPair(text, null));
    }

    /// {@return for each text or pair the labels, the best first}
    ///
    /// @param inputs  the texts or pairs
    /// @param options which scores, and how many labels
    /// @throws InputException       naming every input that has no answer
    /// @throws ModelClosedException if the model is closed
    /// @throws CancelledException   if the thread is interrupted, between two batches
    @Override
    public List<Classification> classify(List<TextPair> inputs, ClassifyOptions options) {
        return runner.run(steps(options), inputs);
    }

    /// {@return forward passes that several callers share}
    ///
    /// @param options which scores, and how many labels
    public SharedBatches<TextPair, Classification> shared(ClassifyOptions options) {
        return SharedBatches.of(runner, steps(options));
    }

    private Steps<TextPair, float[], Classification> steps(ClassifyOptions options) {
        ScoreFunction function = options.function() == null ? configured : options.function();
        return HeadSteps.perSequence(head, pair -> List.of(runner.texts().encode(pair.text(), pair.pair())), (_, encodings, logits) ->
                new Classification(ranked(function.apply(logits.getFirst()), options), HeadSteps.tokens(encodings),
                        encodings.getFirst().truncated()));
    }

    Head head() {
        return head;
    }

    Runner runner() {
        return runner;
    }

    private List<LabelScore> ranked(double[] scores, ClassifyOptions options) {
        return IntStream.range(0, scores.length).mapToObj(i -> new LabelScore(labels().get(i), scores[i]))
                .filter(label -> label.score() >= options.threshold())
                .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
                .limit(options.topK() == 0 ? Long.MAX_VALUE : options.topK()).toList();
    }
}
