// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.ReplacedTokenDetector;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Tokens that look replaced.
@Command(name = "replaced", description = "Tell for each token of a text how probable it is that it replaces another, with"
        + " ELECTRA's discriminator: a JSON object for each text on a line.",
        footer = {"", "start and end count code points, as Python does."})
public final class ReplacedCommand implements Callable<Integer> {

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = "--threshold", paramLabel = "SCORE", order = 2,
            converter = Numbers.Probability.class, description = "Leave out tokens with smaller scores.")
    private double threshold;

    @Override
    public Integer call() throws IOException {
        return task.run("a discriminator of ELECTRA's", length.asked(), opened -> {
            ReplacedTokenDetector detector = opened.replacedTokenDetector();
            return texts -> {
                List<ReplacedTokenDetector.Judgement> judged = detector.detect(texts);
                return IntStream.range(0, texts.size()).mapToObj(i ->
                        TextTask.Answer.of(json(texts.get(i), judged.get(i).judged()), judged.get(i))).toList();
            };
        });
    }

    private ObjectNode json(String text, List<ReplacedTokenDetector.Judged> tokens) {
        ObjectNode node = TextTask.object();
        var array = node.putArray("tokens");
        tokens.stream().filter(token -> token.replaced() >= threshold).forEach(token -> array.addObject()
                .put("token", token.token()).put("replaced", token.replaced())
                .put("start", TextTask.codePoints(text, token.start())).put("end", TextTask.codePoints(text, token.end())));
        return node;
    }
}
