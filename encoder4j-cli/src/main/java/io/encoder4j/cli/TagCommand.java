// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.TagOptions;
import io.encoder4j.Tagging;
import io.encoder4j.TokenClassifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// Names, places and other parts of texts.
@Command(name = "tag", description = "Label parts of texts with a token classification model: a JSON object for each text on a"
        + " line.", footer = {"", "start and end count code points, as Python does."})
final class TagCommand implements Callable<Integer> {

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Option(names = "--aggregation", paramLabel = "none|simple|first|average|max", order = 2,
            description = "How tokens are merged: not at all, by kind (the default), or by kind with the first, the average or"
                    + " the strongest token speaking for a word.")
    private TagOptions.Aggregation aggregation = TagOptions.Aggregation.SIMPLE;

    @Option(names = "--ignore", paramLabel = "LABEL", split = ",", order = 3,
            description = "Labels that are left out (O).")
    private List<String> ignore = List.of("O");

    @Option(names = "--threshold", paramLabel = "SCORE", order = 4, description = "Leave out what has a smaller score.")
    private double threshold;

    @Option(names = "--stride", paramLabel = "N", order = 5, converter = EmbedOptionsMixin.Positive.class,
            description = "Tokens by which the windows overlap in which a long text is read (${DEFAULT-VALUE}, or half a window).")
    private int stride = 128;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return TextTask.run(spec, model, input, opened -> {
            TokenClassifier classifier = opened.tokenClassifier();
            var options = new TagOptions(aggregation, Set.copyOf(ignore), threshold, stride);
            return texts -> {
                List<Tagging> entities = classifier.tag(texts, options);
                List<ObjectNode> nodes = new ArrayList<>();
                for (int i = 0; i < texts.size(); i++) {
                    nodes.add(json(texts.get(i), entities.get(i)));
                }
                return nodes;
            };
        });
    }

    private static ObjectNode json(String text, Tagging tagging) {
        ObjectNode node = TextTask.object(tagging);
        var array = node.putArray("entities");
        tagging.entities().forEach(entity -> array.addObject().put("label", entity.label()).put("score", entity.score())
                .put("word", entity.word()).put("start", TextTask.codePoints(text, entity.start()))
                .put("end", TextTask.codePoints(text, entity.end())));
        return node;
    }
}
