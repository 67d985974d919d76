// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.Reranker;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.task.Counted;
import io.encoder4j.task.Ranked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// The texts that answer a query best.
@Command(name = "rerank", description = "Order texts by how well they answer a query, with a cross-encoder: a JSON object for"
        + " each on a line, the best first.")
public final class RerankCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "QUERY", description = "What is looked for.")
    private String query = "";

    @Mixin
    private TextTask task;

    @Mixin
    private LengthOption length;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 3, converter = Numbers.Positive.class,
            description = "The largest number of texts (all).")
    private int topK;

    @Override
    public Integer call() throws IOException {
        task.input().skipFirst();
        return task.run("a reranker: a cross-encoder with one label", length.asked(), opened -> {
            Reranker reranker = opened.reranker();
            return texts -> reranker.rank(query, texts).stream().sorted(Comparator.comparingInt(Ranked::index)).toList();
        }, file -> new Ranking(new JsonSink(task.input(), file)));
    }

    /// Keeps the scores until all are known.
    private final class Ranking implements Answering.Sink<Ranked> {

        private record Scored(long index, Lines.Line line, Ranked ranked) { }

        private final JsonSink json;
        private final List<Scored> scored = new ArrayList<>();
        private final List<ObjectNode> problems = new ArrayList<>();

        Ranking(JsonSink json) {
            this.json = json;
        }

        @Override
        public Counted counted(Ranked ranked) {
            return ranked;
        }

        @Override
        public void answer(long index, Lines.Line line, Ranked ranked) {
            scored.add(new Scored(index, line, ranked));
        }

        @Override
        public void problem(long index, Lines.Line line, String problem) {
            problems.add(json.error(index, line, problem));
        }

        @Override
        public void flush() { }

        @Override
        public void finish() throws IOException {
            scored.sort(Comparator.comparingDouble((Scored one) -> one.ranked.score()).reversed());
            for (Scored one : scored.subList(0, topK == 0 ? scored.size() : Math.min(topK, scored.size()))) {
                json.print(json.begin(one.index, one.line).put("tokens", one.ranked.tokens())
                        .put("truncated", one.ranked.truncated()).put("score", one.ranked.score()).put("text", one.line.text()));
            }
            for (ObjectNode problem : problems) {
                json.print(problem);
            }
        }
    }
}
