// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.engine.Texts;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.files.Printable;
import io.encoder4j.model.HeadKind;
import io.encoder4j.model.Heads;
import io.encoder4j.task.Classification;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.tokenizer.Encoding;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Labels the model never saw: each is put into a sentence, and the model says whether the text entails it. The rules are
/// those of transformers' `zero-shot-classification` pipeline (Yin et al. 2019). May be shared among threads.
///
/// {@snippet file="io/encoder4j/SnippetsTest.java" region="zeroShotClassifier"}
public final class ZeroShotClassifier {

    /// The task, for [EncoderModel#task].
    public static final Task<ZeroShotClassifier> TASK = new Task<>("zero-shot", "labels that the model never saw",
            HeadKind.SEQUENCE_CLASSIFICATION, ZeroShotClassifier::check, parts -> open(parts, null));

    /// The sentence a label is put into unless another is given.
    public static final String TEMPLATE = "This example is {}.";

    private final Classifier classifier;
    private final int entailment;

    private static Ability.Verdict check(ModelFacts facts) {
        if (!facts.has(HeadKind.SEQUENCE_CLASSIFICATION)) {
            return facts.needs(HeadKind.SEQUENCE_CLASSIFICATION, "");
        }
        if (facts.heads().labelCount() < 2) {
            return Ability.Verdict.no("needs a label of entailment and another, the head has one");
        }
        return Entailment.named(facts.heads()).map(name -> Ability.Verdict.yes("by the label " + Printable.name(name)))
                .orElseGet(() -> Ability.Verdict.no("needs labels of entailment, such as entailment and contradiction; unless it"
                        + " is told which one that is, the last is taken"));
    }

    /// @param label the label that means entailment; null for the one that transformers takes
    static ZeroShotClassifier open(ModelParts parts, @Nullable String label) {
        return new ZeroShotClassifier(new Classifier(parts), label, parts.config().location());
    }

    private ZeroShotClassifier(Classifier classifier, @Nullable String label, String location) {
        this.classifier = classifier;
        Heads heads = classifier.runner().heads();
        Entailment found = label == null ? Entailment.find(heads) : Entailment.of(label, heads);
        found.check(heads, location);
        entailment = found.id();
    }

    /// {@return for each text the labels, the best first}
    ///
    /// @param texts      the texts
    /// @param labels     the labels to choose from
    /// @param multiLabel whether any number of labels may be right: each is then weighed against contradiction, else against
    ///                   the other labels
    /// @param template   a sentence with `{}` where the label goes
    /// @throws IllegalArgumentException if there is no label, one leaves no room for a text, or the template has no `{}`
    /// @throws InputException           naming every text that has no answer
    /// @throws ModelClosedException     if the model is closed
    /// @throws CancelledException       if the thread is interrupted, between two batches
    public List<Classification> classify(List<String> texts, List<String> labels, boolean multiLabel, String template) {
        return classifier.runner().run(steps(labels, multiLabel, template), texts);
    }

    /// {@return forward passes that several callers share}
    ///
    /// @param labels     the labels to choose from
    /// @param multiLabel whether any number of labels may be right
    /// @param template   a sentence with `{}` where the label goes
    /// @throws IllegalArgumentException if there is no label, one leaves no room for a text, or the template has no `{}`
    public SharedBatches<String, Classification> shared(List<String> labels, boolean multiLabel, String template) {
        return SharedBatches.of(classifier.runner(), steps(labels, multiLabel, template));
    }

    private Steps<String, float[], Classification> steps(List<String> labels, boolean multiLabel, String template) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("there are no labels to choose from");
        }
        if (!template.contains("{}")) {
            throw new IllegalArgumentException("the template '" + template + "' has no {} where the label goes");
        }
        List<String> hypotheses = IntStream.range(0, labels.size()).mapToObj(i -> template.replace("{}",
                Objects.requireNonNull(labels.get(i), () -> "label " + i + " is null"))).toList();
        hypotheses.forEach(this::check);
        Texts encoder = classifier.runner().texts();
        // Of a text that is too long the end is cut, never the label.
        return HeadSteps.perSequence(classifier.head(), text -> hypotheses.stream()
                        .map(label -> encoder.encodeCuttingFirst(text, label)).toList(),
                (_, encodings, logits) -> new Classification(ranked(logits, labels, multiLabel), HeadSteps.tokens(encodings),
                        encodings.stream().anyMatch(Encoding::truncated)));
    }

    private void check(String hypothesis) {
        Texts encoder = classifier.runner().texts();
        int tokens = encoder.encode("", hypothesis).untruncatedLength();
        if (tokens > encoder.maxTokens()) {
            throw new IllegalArgumentException("the label's sentence '" + Printable.name(hypothesis) + "' has "
                    + tokens + " tokens with the special ones, the model takes at most " + encoder.maxTokens());
        }
    }

    private List<LabelScore> ranked(List<float[]> logits, List<String> labels, boolean multiLabel) {
        double[] scores = multiLabel || labels.size() == 1
                ? logits.stream().mapToDouble(this::againstContradiction).toArray()
                : ScoreFunction.SOFTMAX.apply(entailments(logits));
        return IntStream.range(0, labels.size()).mapToObj(i -> new LabelScore(labels.get(i), scores[i]))
                .sorted(Comparator.comparingDouble(LabelScore::score).reversed()).toList();
    }

    private double againstContradiction(float[] logits) {
        // The reference takes the label at the other end for contradiction.
        int contradiction = entailment == 0 ? logits.length - 1 : 0;
        return ScoreFunction.SOFTMAX.apply(new float[] {logits[contradiction], logits[entailment]})[1];
    }

    private float[] entailments(List<float[]> logits) {
        float[] values = new float[logits.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = logits.get(i)[entailment];
        }
        return values;
    }
}
