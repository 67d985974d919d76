// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.encoder4j.EncoderModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class OtherCommandsTest {

    @TempDir
    private static Path folder;
    private static Path model;

    @BeforeAll
    static void makeModel() {
        model = Cli.tinyModel(folder.resolve("model"));
    }

    @Test
    void similarityIsTheCosine() throws IOException {
        double cosine;
        try (EncoderModel opened = EncoderModel.open(model)) {
            cosine = opened.embedder().embed("the cat").cosine(opened.embedder().embed("dog"));
        }
        JsonNode json = Cli.JSON.readTree(
                Cli.run("similarity", "the cat", "the cat", "dog", "-m", model, "--format", "json").out());
        assertThat(json.get("text").asString()).isEqualTo("the cat");
        assertThat(json.at("/similarities/0/cosine").asDouble()).isCloseTo(1, within(1e-12));
        assertThat(json.at("/similarities/1/cosine").asDouble()).isEqualTo(cosine);
        assertThat(Cli.run("similarity", "the cat", "the\ncat", "dog", "-m", model).out())
                .matches("[ ]1\\.0000 {2}the cat\\n[ -]0\\.\\d{4} {2}dog\\n");
    }

    @Test
    void tokenizeShowsIdsAndOffsets() {
        Cli.Result table = Cli.run("tokenize", "the \ud83d\ude00 ab", "-m", model);
        assertThat(table.out().lines().map(String::strip)).containsExactly("id type     offsets  token",
                "0        2    0              [CLS]", "1        6    0         0-3  the", "2        1    0         4-5  [UNK]",
                "3        8    0         6-7  a", "4       11    0         7-8  ##b", "5        3    0              [SEP]");
        JsonNode json = Cli.run("tokenize", "the a", "--pair", "b", "--format", "jsonl", "-m", model).lines().getFirst();
        assertThat(json.toString()).isEqualTo("{\"index\":0,\"truncated\":false,\"ids\":[2,6,8,3,10,3],"
                + "\"tokens\":[\"[CLS]\",\"the\",\"a\",\"[SEP]\",\"b\",\"[SEP]\"],\"type_ids\":[0,0,0,0,1,1],"
                + "\"special_tokens_mask\":[1,0,0,1,0,1],\"offsets\":[[0,0],[0,3],[4,5],[0,0],[0,1],[0,0]]}");
        assertThat(Cli.run("tokenize", "the a", "--no-special", "-f", "jsonl", "-m", model).lines().getFirst().get("ids"))
                .hasSize(2);
        assertThat(Cli.run("tokenize", "a b c d", "--max-length", 4, "-m", model).out()).endsWith("cut: 4 of 6 tokens\n");
        assertThat(Cli.runWith("a\nb".getBytes(StandardCharsets.UTF_8), false,
                "tokenize", "-i", "-", "-f", "jsonl", "-m", model).lines()).hasSize(2);
    }

    @Test
    void inspectSaysWhatTheModelIs() {
        String report = Cli.run("inspect", model, "--tensors").out();
        assertThat(report).containsPattern("family +bert\n").containsPattern("pooling +mean\n")
                .containsPattern("max tokens +64\n").containsPattern("prompts +query \\(\"find \"\\)\n")
                .containsPattern("normalized +no\n").containsPattern("unused tensors +0\n")
                .containsPattern("  F32  \\[32, 32\\] +encoder.layer.0.attention.self.query.weight\n");
        JsonNode json = Cli.JSON.readTree(Cli.run("inspect", "--model", model, "--json").out());
        assertThat(json.get("dimensions").asInt()).isEqualTo(32);
        assertThat(json.get("dtypes").get("F32").asInt()).isEqualTo(json.get("used_tensors").size());
        assertThat(json.get("parameters").asInt()).isPositive();
    }
}
