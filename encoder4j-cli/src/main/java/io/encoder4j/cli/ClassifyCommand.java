// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.Classification;
import io.encoder4j.Classifier;
import io.encoder4j.ClassifyOptions;
import io.encoder4j.ScoreFunction;
import io.encoder4j.TextPair;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// Labels for texts.
@Command(name = "classify", description = "Give texts, or pairs of texts, the labels of a classification model: a JSON object"
        + " for each on a line.")
final class ClassifyCommand implements Callable<Integer> {

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Option(names = "--pair", paramLabel = "TEXT", order = 2, description = "A second text that goes with each.")
    private @Nullable String pair;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 3, converter = EmbedOptionsMixin.Positive.class,
            description = "Labels given at most (all).")
    private int topK;

    @Option(names = "--threshold", paramLabel = "SCORE", order = 4, description = "Leave out labels with smaller scores.")
    private double threshold = Double.NEGATIVE_INFINITY;

    @Option(names = "--function", paramLabel = "softmax|sigmoid|none", order = 5,
            description = "From logits to scores (what config.json says).")
    private @Nullable ScoreFunction function;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return TextTask.run(spec, model, input, opened -> {
            Classifier classifier = opened.classifier();
            ClassifyOptions options = new ClassifyOptions(function, topK, threshold);
            return texts -> classifier.classify(texts.stream().map(text -> new TextPair(text, pair)).toList(), options)
                    .stream().map(ClassifyCommand::json).toList();
        });
    }

    static ObjectNode json(Classification classification) {
        ObjectNode node = TextTask.object(classification);
        var array = node.putArray("labels");
        classification.labels().forEach(label -> array.addObject().put("label", label.label()).put("score", label.score()));
        return node;
    }
}
