// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import io.encoder4j.InputException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The texts that answer a query best.
@Command(name = "rerank", description = "Order texts by how well they answer a query, with a cross-encoder: a JSON object for"
        + " each on a line, the best first.")
final class RerankCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "QUERY", description = "What is looked for.")
    private String query = "";

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 3, converter = EmbedOptionsMixin.Positive.class,
            description = "Texts given at most (all).")
    private int topK;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        input.skipFirst();
        input.check();
        List<String> texts = input.all();
        try (EncoderModel opened = model.open()) {
            opened.reranker().rank(query, texts).stream().limit(topK == 0 ? Long.MAX_VALUE : topK).forEach(ranked ->
                    spec.commandLine().getOut().println(TextTask.object().put("index", ranked.index())
                            .put("tokens", ranked.tokens()).put("truncated", ranked.truncated())
                            .put("score", ranked.score()).put("text", ranked.text())));
        } catch (InputException e) {
            throw CommandFailed.input(input.name(e.index()) + " " + e.problems().getFirst().detail());
        }
        return 0;
    }
}
