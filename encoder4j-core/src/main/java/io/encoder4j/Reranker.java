// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.tensor.StandardActivation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// How well texts answer a query, read together with it: sentence-transformers' `CrossEncoder`. May be shared among threads.
///
/// Scores are what the activation makes of the logits: `sentence_transformers.activation_fn` of config.json, else the older
/// `sbert_ce_default_activation_function`, else a sigmoid for one label and nothing for several.
public final class Reranker {

    /// A text with its score.
    ///
    /// @param index of the text among those given
    public record Ranked(int index, String text, double score) { }

    private final Classifier classifier;
    private final StandardActivation activation;

    Reranker(Classifier classifier, ModelConfig config) {
        this.classifier = classifier;
        String name = config.find("sentence_transformers", "activation_fn")
                .or(() -> config.find("sbert_ce_default_activation_function")).orElse("");
        activation = name.isEmpty() ? classifier.labels().size() == 1 ? StandardActivation.SIGMOID
                : StandardActivation.LINEAR : named(name, config);
    }

    private static StandardActivation named(String name, ModelConfig config) {
        String type = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return type.equals("identity") ? StandardActivation.LINEAR : StandardActivation.named(type).orElseThrow(
                () -> new CheckpointException(config.location() + ": the activation " + name + " is not supported;"
                        + " supported: Identity, " + String.join(", ", StandardActivation.allNames())));
    }

    /// The scores of pairs, by label: mostly one.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<double[]> predict(List<TextPair> pairs) {
        return classifier.logits(pairs).stream()
                .map(row -> IntStream.range(0, row.length).mapToDouble(i -> activation.apply(row[i])).toArray()).toList();
    }

    /// The texts, the best first; equals in the given order.
    ///
    /// @throws CheckpointException if the model does not have exactly one label, which is then no rank
    public List<Ranked> rank(String query, List<String> texts) {
        if (classifier.labels().size() != 1) {
            throw new CheckpointException("ranking needs a model with one label, this one has "
                    + classifier.labels().size() + ": " + String.join(", ", classifier.labels()) + "; classify pairs");
        }
        List<double[]> scores = predict(texts.stream().map(text -> new TextPair(query, text)).toList());
        return IntStream.range(0, texts.size()).mapToObj(i -> new Ranked(i, texts.get(i), scores.get(i)[0]))
                .sorted(Comparator.comparingDouble(Ranked::score).reversed()).toList();
    }
}
