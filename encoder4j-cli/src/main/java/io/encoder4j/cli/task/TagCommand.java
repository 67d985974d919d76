// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.TokenClassifier;
import io.encoder4j.cli.option.Choice;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.task.Entity;
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// Names, places and other parts of texts.
@Command(name = "tag", description = "Label parts of texts with a token classification model: a JSON object for each text on a"
        + " line.", footer = {"", "start and end count code points, as Python does."})
public final class TagCommand implements Callable<Integer> {

    private static final int STRIDE = 128;

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = "--aggregation", paramLabel = "none|simple|first|average|max", order = 2,
            converter = ByAggregation.class,
            description = "How tokens are merged: not at all, by label (the default), or by label with the first, the average or"
                    + " the best token deciding for its word.")
    private TagOptions.Aggregation aggregation = TagOptions.Aggregation.SIMPLE;

    @Option(names = "--ignore", paramLabel = "LABEL", split = ",", order = 3,
            description = "Labels that are left out (O).")
    private List<String> ignore = List.of("O");

    @Option(names = "--threshold", paramLabel = "SCORE", order = 4,
            converter = Numbers.Probability.class, description = "Leave out what has a smaller score.")
    private double threshold;

    @Option(names = "--stride", paramLabel = "N", order = 5, converter = Numbers.Positive.class,
            description = "Long texts are read in windows that overlap by this many tokens (" + STRIDE + ", or half a window).")
    private @Nullable Integer stride;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return task.run("a model with a token classification head", length.asked(), opened -> {
            TokenClassifier classifier = opened.tokenClassifier();
            LengthOption.checkStride(spec, stride, opened.maxTokens());
            var options = new TagOptions(aggregation, Set.copyOf(ignore), threshold, stride == null ? STRIDE : stride);
            return texts -> {
                List<Tagging> tagged = classifier.tag(texts, options);
                return IntStream.range(0, texts.size()).mapToObj(i ->
                        TextTask.Answer.of(json(texts.get(i), tagged.get(i).entities()), tagged.get(i))).toList();
            };
        });
    }

    static final class ByAggregation implements ITypeConverter<TagOptions.Aggregation> {
        @Override
        public TagOptions.Aggregation convert(String name) {
            return Choice.of(name, TagOptions.Aggregation.values());
        }
    }

    private static ObjectNode json(String text, List<Entity> entities) {
        ObjectNode node = TextTask.object();
        var array = node.putArray("entities");
        entities.forEach(entity -> array.addObject().put("label", entity.label()).put("score", entity.score())
                .put("word", entity.word()).put("start", TextTask.codePoints(text, entity.start()))
                .put("end", TextTask.codePoints(text, entity.end())));
        return node;
    }
}
