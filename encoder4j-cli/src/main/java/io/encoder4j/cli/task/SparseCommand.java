// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.SparseEmbedder;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.task.SparseVector;
import java.io.IOException;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Weights over the vocabulary.
@Command(name = "sparse", description = "Weigh the tokens of the vocabulary for texts, with a masked language model such as"
        + " SPLADE: a JSON object for each text on a line, the largest weights first.")
public final class SparseCommand implements Callable<Integer> {

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 2, converter = Numbers.Positive.class,
            description = "The largest number of tokens (all with a positive weight).")
    private int topK;

    @Override
    public Integer call() throws IOException {
        return task.run("a SPLADE or another masked language model", length.asked(), opened -> {
            SparseEmbedder embedder = opened.sparseEmbedder();
            return texts -> embedder.embed(texts).stream().map(embedding -> TextTask.Answer.of(
                    json(embedder, topK == 0 ? embedding.vector() : embedding.vector().largest(topK)), embedding)).toList();
        });
    }

    private static ObjectNode json(SparseEmbedder embedder, SparseVector vector) {
        ObjectNode node = TextTask.object();
        var array = node.putArray("weights");
        IntStream.range(0, vector.ids().length).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> vector.weights()[i]).reversed())
                .forEach(i -> array.addObject().put("token", embedder.token(vector.ids()[i])).put("id", vector.ids()[i])
                        .put("weight", vector.weights()[i]));
        return node;
    }
}
