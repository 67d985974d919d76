// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.files.Printable;
import io.encoder4j.model.Heads;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Labels the model never saw: each is put into a sentence, and the model says whether the text entails it. The rules are
/// those of transformers' `zero-shot-classification` pipeline (Yin et al. 2019). May be shared among threads.
public final class ZeroShotClassifier {

    /// The sentence a label is put into unless another is given.
    public static final String TEMPLATE = "This example is {}.";

    private final Classifier classifier;
    private final int entailment;

    /// @param label the label that means entailment; null for the one that transformers takes
    ZeroShotClassifier(Classifier classifier, @Nullable String label, String location) {
        this.classifier = classifier;
        Heads heads = classifier.runner().heads();
        Entailment found = label == null ? Entailment.find(heads) : Entailment.of(label, heads);
        found.check(heads, location);
        entailment = found.id();
    }

    /// For each text the labels, the best first.
    ///
    /// @param multiLabel whether any number of labels may be right: each is then weighed against contradiction, else against
    ///                   the other labels
    /// @param template   a sentence with `{}` where the label goes
    /// @throws IllegalArgumentException if there is no label, one leaves no room for a text, or the template has no `{}`
    public List<List<LabelScore>> classify(List<String> texts, List<String> labels, boolean multiLabel, String template) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("there are no labels to choose from");
        }
        if (!template.contains("{}")) {
            throw new IllegalArgumentException("the template '" + template + "' has no {} where the label goes");
        }
        List<String> hypotheses = labels.stream().map(label -> template.replace("{}", label)).toList();
        hypotheses.forEach(this::check);
        // Of a text that is too long the end is cut, never the label.
        List<float[]> logits = classifier.logits(classifier.runner().encodeCuttingFirst(texts.stream()
                .flatMap(text -> hypotheses.stream().map(hypothesis -> new TextPair(text, hypothesis))).toList()));
        return IntStream.range(0, texts.size()).mapToObj(i ->
                ranked(logits.subList(i * labels.size(), (i + 1) * labels.size()), labels, multiLabel)).toList();
    }

    private void check(String hypothesis) {
        int tokens = classifier.runner().encode("", hypothesis).untruncatedLength();
        if (tokens > classifier.runner().maxTokens()) {
            throw new IllegalArgumentException("the label's sentence '" + Printable.name(hypothesis) + "' has "
                    + tokens + " tokens with the special ones, the model takes at most " + classifier.runner().maxTokens());
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
