// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.model.Head;
import io.encoder4j.model.HeadKind;
import io.encoder4j.tokenizer.Encoding;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A label for a text or a pair, as transformers' `text-classification` pipeline gives it. May be shared among threads.
public final class Classifier {

    private final Runner runner;
    private final Head head;
    private final ScoreFunction configured;

    Classifier(Runner runner, ModelConfig config) {
        this.runner = runner;
        head = runner.heads().get(HeadKind.SEQUENCE_CLASSIFICATION);
        configured = switch (config.text("problem_type", "")) {
            case "regression" -> ScoreFunction.NONE;
            case "multi_label_classification" -> ScoreFunction.SIGMOID;
            default -> runner.heads().labelCount() == 1 ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX;
        };
    }

    /// The labels, by id.
    public List<String> labels() {
        return runner.heads().labels();
    }

    /// The labels of a text, the best first.
    public List<LabelScore> classify(String text) {
        return classify(List.of(TextPair.of(text)), ClassifyOptions.defaults()).getFirst();
    }

    /// For each text or pair the labels, the best first.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<List<LabelScore>> classify(List<TextPair> inputs, ClassifyOptions options) {
        ScoreFunction function = options.function() == null ? configured : options.function();
        return logits(inputs).stream().map(function::apply).map(scores -> ranked(scores, options)).toList();
    }

    /// For each text or pair the logits, by label.
    List<float[]> logits(List<TextPair> inputs) {
        return logits(runner.encode(inputs));
    }

    List<float[]> logits(Encoding[] encodings) {
        return List.of(runner.sequenceLogits(head, encodings));
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
