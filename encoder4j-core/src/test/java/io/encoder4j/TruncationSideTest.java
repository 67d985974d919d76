// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.PairScores;
import io.encoder4j.task.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `truncation_side` of tokenizer_config.json holds in every task: what is kept of a long text is its end.
class TruncationSideTest {
    private static final List<String> WORDS = IntStream.range(0, 200).mapToObj(i -> String.valueOf((char) ('a' + i * 7 % 26)))
            .toList();

    @TempDir
    private Path folder;

    private Path cutting(String golden, String side) throws IOException {
        try (Stream<Path> files = Files.list(Goldens.path("tasks", golden))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        Path config = folder.resolve("tokenizer_config.json");
        String json = Files.readString(config).replaceAll("\"truncation_side\": \"\\w+\",", "");
        Files.writeString(config, json.replaceFirst("\\{", "{\"truncation_side\": \"" + side + "\","));
        return folder;
    }

    private static String words(int from, int to) {
        return String.join(" ", WORDS.subList(from, to));
    }

    @Test
    void aClassifierReadsTheEnd() throws IOException {
        try (EncoderModel model = EncoderModel.open(cutting("classifier", "left"))) {
            int kept = model.maxTokens() - 2;
            assertThat(model.classifier().classify(words(0, 200)).labels())
                    .isEqualTo(model.classifier().classify(words(200 - kept, 200)).labels())
                    .isNotEqualTo(model.classifier().classify(words(0, kept)).labels());
        }
    }

    @Test
    void anEmbedderReadsTheEndUnlessItIsToldOtherwise() throws IOException {
        try (EncoderModel model = EncoderModel.open(cutting("classifier", "left"))) {
            Embedder embedder = model.embedder(EmbedOptions.defaults().withMaxLength(12));
            assertThat(embedder.embed(words(0, 200)).vector()).isEqualTo(embedder.embed(words(190, 200)).vector());
            Embedder right = model.embedder(EmbedOptions.defaults().withMaxLength(12).withTruncate(EmbedOptions.Truncate.RIGHT));
            assertThat(right.embed(words(0, 200)).vector()).isEqualTo(embedder.embed(words(0, 10)).vector());
        }
    }

    @Test
    void aRerankerReadsTheEnd() throws IOException {
        try (EncoderModel model = EncoderModel.open(cutting("reranker", "left"))) {
            int kept = model.maxTokens() - 4;
            PairScores whole = model.reranker().predict(List.of(new TextPair("x", words(0, 200)))).getFirst();
            assertThat(whole.scores()).isEqualTo(
                    model.reranker().predict(List.of(new TextPair("x", words(200 - kept, 200)))).getFirst().scores());
        }
    }
}
