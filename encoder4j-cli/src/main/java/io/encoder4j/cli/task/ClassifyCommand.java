// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.Classifier;
import io.encoder4j.cli.option.Choice;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.TextPair;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// Labels for texts.
@Command(name = "classify", description = "Give texts, or pairs of texts, the labels of a classification model: a JSON object"
        + " for each on a line.")
public final class ClassifyCommand implements Callable<Integer> {

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = "--pair", paramLabel = "TEXT", order = 2, description = "A second text that goes with each.")
    private @Nullable String pair;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 3, converter = Numbers.Positive.class,
            description = "The largest number of labels (all).")
    private int topK;

    @Option(names = "--threshold", paramLabel = "SCORE", order = 4, converter = Numbers.Finite.class,
            description = "Leave out labels with smaller scores: 0 to 1; any number with --function none.")
    private double threshold = Double.NEGATIVE_INFINITY;

    @Option(names = "--function", paramLabel = "softmax|sigmoid|none", order = 5, converter = ByFunction.class,
            description = "How logits become scores (as config.json says).")
    private @Nullable ScoreFunction function;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (function != ScoreFunction.NONE && threshold != Double.NEGATIVE_INFINITY && (threshold < 0 || threshold > 1)) {
            throw new ParameterException(spec.commandLine(), "Invalid value for option '--threshold' (SCORE): '" + threshold
                    + "' is not between 0 and 1; only with --function none are there other scores");
        }
        return task.run("a model with a classification head", length.asked(), opened -> {
            Classifier classifier = opened.classifier();
            ClassifyOptions options = new ClassifyOptions(function, topK, threshold);
            return texts -> classifier.classify(texts.stream().map(text -> new TextPair(text, pair)).toList(), options)
                    .stream().map(ClassifyCommand::answer).toList();
        });
    }

    static final class ByFunction implements ITypeConverter<ScoreFunction> {
        @Override
        public ScoreFunction convert(String name) {
            return Choice.of(name, ScoreFunction.values());
        }
    }

    static TextTask.Answer answer(Classification given) {
        ObjectNode node = TextTask.object();
        var array = node.putArray("labels");
        given.labels().forEach(label -> array.addObject().put("label", label.label()).put("score", label.score()));
        return TextTask.Answer.of(node, given);
    }
}
