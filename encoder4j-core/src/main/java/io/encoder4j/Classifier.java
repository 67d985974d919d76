// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.model.Head;
import io.encoder4j.model.Task;
import io.encoder4j.tokenizer.Encoding;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A label for a text or a pair, as transformers' `text-classification` pipeline gives it. May be shared among threads.
public final class Classifier {

    /// @param function  from logits to scores; null for what config.json says: none for `problem_type` `regression`, a sigmoid
    ///                  for `multi_label_classification` or one label, else a softmax
    /// @param topK      labels given for a text at most; 0 for all
    /// @param threshold labels with smaller scores are left out
    public record Options(@Nullable ScoreFunction function, int topK, double threshold) {

        /// @throws IllegalArgumentException if the number of labels is negative
        public Options {
            if (topK < 0) {
                throw new IllegalArgumentException("topK must not be negative: " + topK);
            }
        }

        /// All labels, with config.json's function.
        public static Options defaults() {
            return new Options(null, 0, Double.NEGATIVE_INFINITY);
        }

        /// These options with another number of labels.
        public Options withTopK(int labels) {
            return new Options(function, labels, threshold);
        }
    }

    private final Runner runner;
    private final Head head;
    private final ScoreFunction configured;

    Classifier(Runner runner, ModelConfig config) {
        this.runner = runner;
        head = runner.heads().get(Task.SEQUENCE_CLASSIFICATION);
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
        return classify(List.of(TextPair.of(text)), Options.defaults()).getFirst();
    }

    /// For each text or pair the labels, the best first.
    ///
    /// @throws IllegalStateException if the model is closed, or its numbers leave the finite ones
    public List<List<LabelScore>> classify(List<TextPair> inputs, Options options) {
        ScoreFunction function = options.function == null ? configured : options.function;
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

    private List<LabelScore> ranked(double[] scores, Options options) {
        return IntStream.range(0, scores.length).mapToObj(i -> new LabelScore(labels().get(i), scores[i]))
                .filter(label -> label.score() >= options.threshold)
                .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
                .limit(options.topK == 0 ? Long.MAX_VALUE : options.topK).toList();
    }
}
