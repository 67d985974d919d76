// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.encoder4j.ModelOptions;
import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Spread;
import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.bench.peers.Texts;
import io.encoder4j.langchain4j.EncoderEmbeddingModel;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// LangChain4j's `EmbeddingModel` twice: with encoder4j, and with LangChain4j's own all-MiniLM-L6-v2, which is ONNX Runtime and
/// DJL's tokenizers. Both run in turns in one process, on all processors, as their users call them. Stops if the vectors differ.
@Command(name = "langchain4j", mixinStandardHelpOptions = true,
        description = "Compares encoder4j with LangChain4j's own all-MiniLM-L6-v2, both called through LangChain4j.")
final class LangChain4jCommand implements Callable<Integer> {

    /// What their tokenizer reads of a text; so both read as much.
    private static final int TOKENS = 128;
    private static final double SAME = 0.99999;

    @Option(names = "--count", description = "texts (${DEFAULT-VALUE})")
    private int count = 100;

    @Option(names = "--seconds", description = "seconds for each measurement (${DEFAULT-VALUE})")
    private double seconds = 10;

    @Override
    public Integer call() throws IOException {
        List<TextSegment> texts = Texts.builtIn(count).stream().map(TextSegment::from).toList();
        EmbeddingModel theirs = new AllMiniLmL6V2EmbeddingModel();
        try (EncoderEmbeddingModel ours = EncoderEmbeddingModel.builder().model("all-MiniLM-L6-v2")
                .modelOptions(ModelOptions.defaults().withMaxTokens(TOKENS)).build()) {
            List<Embedding> expected = theirs.embedAll(texts).content();
            List<Embedding> actual = ours.embedAll(texts).content();
            for (int i = 0; i < texts.size(); i++) {
                double cosine = CosineSimilarity.between(actual.get(i), expected.get(i));
                if (cosine < SAME) {
                    throw new IllegalStateException("text " + i + " has another vector, cosine " + cosine + ": " + texts.get(i).text());
                }
            }
            System.out.printf(Locale.ROOT, "%s%n%d texts of %.0f characters, texts per second%n", Machine.current(), texts.size(),
                    texts.stream().mapToInt(text -> text.text().length()).average().orElse(0));
            Stopwatch stopwatch = new Stopwatch(seconds, 3);
            stopwatch.settle(() -> ours.embedAll(texts));
            print("embedAll of all", texts.size(), stopwatch.time(List.of(() -> ours.embedAll(texts), () -> theirs.embedAll(texts))));
            print("embed, one by one", texts.size(), stopwatch.time(List.of(() -> texts.forEach(ours::embed), () -> texts.forEach(theirs::embed))));
        }
        return 0;
    }

    private static void print(String call, int texts, List<Spread> times) {
        double ours = times.getFirst().perSecond(texts);
        double theirs = times.getLast().perSecond(texts);
        System.out.printf(Locale.ROOT, "%-18s encoder4j %7.1f   LangChain4j's own %7.1f   ratio %4.2f%n", call, ours, theirs, ours / theirs);
    }
}
