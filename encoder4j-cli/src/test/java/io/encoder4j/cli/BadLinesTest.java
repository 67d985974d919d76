// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// In every command that reads lines, a bad one loses its own answer only.
class BadLinesTest {

    private static final String TASKS = Run.GOLDENS.resolve("tasks").toString();

    @TempDir
    private static Path folder;
    private static Path lines;

    @BeforeAll
    static void writeLines() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("a [MASK] one\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[] {'x', (byte) 0xff, '\n'});
        bytes.writeBytes("two [MASK]\n".getBytes(StandardCharsets.UTF_8));
        lines = Files.write(folder.resolve("lines.txt"), bytes.toByteArray());
    }

    private static Object[] args(String command, Object... more) {
        List<Object> args = new ArrayList<>(Arrays.asList((Object[]) command.replace("TASKS", TASKS).split(" ")));
        args.addAll(Arrays.asList(more));
        return args.toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify -m TASKS/classifier", "tag -m TASKS/tagger", "fill-mask -m TASKS/mask-filler",
        "answer -m TASKS/question-answerer who", "zero-shot -m TASKS/classifier -l a,b", "sparse -m TASKS/splade",
        "multi-vector -m TASKS/multi-vector", "multi-vector -m TASKS/multi-vector --queries",
        "multi-vector -m TASKS/multi-vector --score who", "multi-vector -m TASKS/bge-m3 --hybrid",
        "replaced -m TASKS/replaced-tokens", "rerank -m TASKS/reranker who", "tokenize -f jsonl -m TASKS/classifier",
        "embed -m TASKS/classifier"})
    void oneBadLineLosesItsOwnAnswerOnly(String command) throws IOException {
        Path out = folder.resolve("out" + command.hashCode());
        Cli.Result result = Cli.run(args(command, "--input", lines, "--output", out, "--max-length", 64));
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> !line.contains("cut"))).containsExactly("encoder4j: 1 of 3 texts has no"
                + " answer: " + lines + ": line 2 is not UTF-8: byte 2 of the line is 0xff; convert the file, for example with"
                + " iconv");
        List<JsonNode> answers = Files.readAllLines(out).stream().map(Cli.JSON::readTree).toList();
        assertThat(answers).extracting(answer -> answer.get("index").asInt()).containsExactlyInAnyOrder(0, 1, 2);
        for (JsonNode answer : answers) {
            boolean bad = answer.get("index").asInt() == 1;
            assertThat(answer.has("error")).isEqualTo(bad);
            assertThat(answer.has("truncated")).isEqualTo(!bad);
            assertThat(answer.has("tokens")).isEqualTo(!bad);
        }
    }

    @Test
    void aTextWithoutAMaskIsTheSameWrongAsArgumentAndAsLine() throws IOException {
        Cli.Result argument = Cli.run(args("fill-mask -m TASKS/mask-filler", "no mask", "a [MASK]"));
        assertThat(argument.code()).isEqualTo(3);
        assertThat(argument.lines()).extracting(line -> line.path("error").asString("")).containsExactly(
                "text 0 has no [MASK] to fill", "");
        Path file = Files.writeString(folder.resolve("masks.txt"), "no mask\na [MASK]\nnone\n");
        Cli.Result line = Cli.run(args("fill-mask -m TASKS/mask-filler", "-i", file));
        assertThat(line.code()).isEqualTo(argument.code());
        assertThat(line.lines()).extracting(answer -> answer.path("error").asString("")).containsExactly(
                "line 1 has no [MASK] to fill", "", "line 3 has no [MASK] to fill");
        assertThat(line.err()).isEqualTo("encoder4j: 2 of 3 texts have no answer; the first: " + file
                + ": line 1 has no [MASK] to fill\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify -m TASKS/classifier", "embed -m TASKS/classifier", "rerank -m TASKS/reranker who",
        "tokenize -m TASKS/classifier", "tag -m TASKS/tagger"})
    void anInputWithoutTextsIsTheSameWrongEverywhere(String command) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "");
        Cli.Result result = Cli.run(args(command, "-i", empty));
        assertThat(result.err()).isEqualTo("encoder4j: there are no texts in " + empty + "\n");
        assertThat(result.code()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify -m TASKS/classifier", "zero-shot -m TASKS/classifier -l a", "sparse -m TASKS/splade",
        "replaced -m TASKS/replaced-tokens", "rerank -m TASKS/reranker who", "embed -m TASKS/classifier",
        "multi-vector -m TASKS/multi-vector", "fill-mask -m TASKS/mask-filler"})
    void truncationIsToldEverywhere(String command) {
        Cli.Result result = Cli.run(args(command, "--max-length", 14, "[MASK] one two three four five six seven eight"));
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.lines().getFirst().get("truncated").asBoolean()).isTrue();
        assertThat(result.err()).isEqualTo("encoder4j: 1 of 1 text was longer than the limit of tokens, and cut\n");
    }

    @Test
    void similarityTellsTruncationToo() {
        Cli.Result result = Cli.run(args("similarity -m TASKS/classifier -f json --max-length 6", "one two three four", "a"));
        JsonNode json = Cli.JSON.readTree(result.out());
        assertThat(json.get("truncated").asBoolean()).isTrue();
        assertThat(json.get("tokens").asInt()).isEqualTo(6);
        assertThat(json.at("/similarities/0/truncated").asBoolean(true)).isFalse();
        assertThat(result.err()).isEqualTo("encoder4j: 1 of 2 texts was longer than the limit of tokens, and cut\n");
    }
}
