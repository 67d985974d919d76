// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.MaskFiller;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Tokens for masks.
@Command(name = "fill-mask", description = "Say what could stand at [MASK], or <mask>, in texts: a JSON object for each text on a"
        + " line, with a list for each mask, the likeliest first.")
public final class FillMaskCommand implements Callable<Integer> {

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 2, converter = Numbers.Positive.class,
            description = "The largest number of tokens for a mask (${DEFAULT-VALUE}).")
    private int topK = 5;

    @Option(names = "--target", paramLabel = "WORD", split = ",", order = 3,
            description = "Consider only these words; repeat the option, or separate them with commas.")
    private List<String> targets = List.of();

    @Override
    public Integer call() throws IOException {
        return task.run("a masked language model", length.asked(), opened -> {
            MaskFiller filler = opened.maskFiller();
            return texts -> filler.fill(texts, topK, targets).stream().map(FillMaskCommand::answer).toList();
        });
    }

    private static TextTask.Answer answer(MaskFiller.Filled filled) {
        ObjectNode node = TextTask.object();
        var array = node.putArray("masks");
        filled.masks().forEach(fillings -> {
            var list = array.addArray();
            fillings.forEach(filling -> list.addObject().put("token", filling.token()).put("id", filling.id())
                    .put("score", filling.score()).put("sequence", filling.sequence()));
        });
        return TextTask.Answer.of(node, filled);
    }
}
