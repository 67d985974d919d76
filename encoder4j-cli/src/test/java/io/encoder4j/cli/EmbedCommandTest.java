// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EmbedCommandTest {

    private static final List<String> TEXTS = List.of("the cat", "", "a b c d e f", "find the dog.");
    private static final String TOO_LONG = "a ".repeat(70);

    @TempDir
    private static Path shared;
    private static Path model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeModel() {
        model = Cli.tinyModel(shared.resolve("model"));
    }

    private static List<TextEmbedding> expected(EmbedOptions options, List<String> texts) throws IOException {
        try (EncoderModel opened = EncoderModel.open(model)) {
            return opened.embedder(options).embed(texts);
        }
    }

    private static float[] vector(JsonNode line) {
        float[] vector = new float[line.get("embedding").size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.parseFloat(line.get("embedding").get(i).toString());
        }
        return vector;
    }

    private static Cli.Result embed(Object... args) {
        return Cli.run(Stream.concat(Stream.of("embed", "--model", model), Arrays.stream(args)).toArray());
    }

    private static void same(List<JsonNode> lines, List<TextEmbedding> expected) {
        assertThat(lines).hasSameSizeAs(expected);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).get("index").asInt()).isEqualTo(i);
            assertThat(lines.get(i).get("tokens").asInt()).isEqualTo(expected.get(i).tokens());
            assertThat(lines.get(i).get("truncated").asBoolean()).isEqualTo(expected.get(i).truncated());
            assertThat(vector(lines.get(i))).isEqualTo(expected.get(i).vector());
        }
    }

    @Test
    void jsonLinesHoldTheLibrarysBits() throws IOException {
        Cli.Result result = embed(TEXTS.toArray());
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("{\"index\":0,\"tokens\":6,\"truncated\":false,\"embedding\":[").endsWith("]}\n");
        same(result.lines(), expected(EmbedOptions.defaults(), TEXTS));
    }

    @Test
    void everyFormatHoldsTheSame() throws IOException {
        List<TextEmbedding> expected = expected(EmbedOptions.defaults(), TEXTS);
        List<Object> args = new ArrayList<>(TEXTS);
        args.addAll(List.of("--format", "json"));
        List<JsonNode> array = new ArrayList<>();
        Cli.JSON.readTree(embed(args.toArray()).out()).forEach(array::add);
        same(array, expected);

        args.set(args.size() - 1, "csv");
        List<String> csv = embed(args.toArray()).out().lines().toList();
        assertThat(csv.getFirst()).startsWith("index,tokens,truncated,e0,e1,").endsWith(",e31");
        for (int i = 0; i < expected.size(); i++) {
            String[] cells = csv.get(i + 1).split(",");
            assertThat(cells).startsWith(String.valueOf(i), String.valueOf(expected.get(i).tokens()), "false")
                    .hasSize(35);
            assertThat(cells[34]).isEqualTo(String.valueOf(expected.get(i).vector()[31]));
        }

        args.set(args.size() - 1, "npy");
        npy(embed(args.toArray()).bytes(), expected);
        Path file = folder.resolve("v.npy");
        args.addAll(List.of("--output", file));
        assertThat(embed(args.toArray()).bytes()).isEmpty();
        npy(Files.readAllBytes(file), expected);
    }

    private static void npy(byte[] bytes, List<TextEmbedding> expected) {
        String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
        assertThat(header).startsWith("\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (4, 32), }")
                .endsWith(" \n");
        assertThat(bytes).hasSize(128 + 4 * 32 * 4);
        ByteBuffer data = ByteBuffer.wrap(bytes, 128, bytes.length - 128).order(ByteOrder.LITTLE_ENDIAN);
        for (TextEmbedding embedding : expected) {
            for (float value : embedding.vector()) {
                assertThat(data.getFloat()).isEqualTo(value);
            }
        }
    }

    @Test
    void optionsReachTheEmbedder() throws IOException {
        EmbedOptions options = new EmbedOptions(List.of(Pooling.MAX, Pooling.CLS), true, null, "query", 40, 6,
                EmbedOptions.Truncate.LEFT, null);
        Cli.Result result = embed("a b c d e f", "z", "--pooling", "max,cls", "--normalize", "--prompt-name", "query",
                "--dimensions", 40, "--max-length", 6, "--truncate", "left", "--threads", 1);
        assertThat(result.err()).isEqualTo("encoder4j: 1 of 2 texts was longer than the limit of tokens, and cut\n");
        same(result.lines(), expected(options, List.of("a b c d e f", "z")));
        assertThat(result.lines().getFirst().get("truncated").asBoolean()).isTrue();
        same(embed("x", "--no-normalize", "--prompt", "a").lines(),
                expected(EmbedOptions.defaults().withNormalize(false).withPrompt("a"), List.of("x")));
    }

    @Test
    void aLongInputKeepsItsOrderWhetherWatchedOrNot() throws IOException {
        List<String> texts = IntStream.range(0, 1500).mapToObj(i -> "text " + i + " x".repeat(i % 7)).toList();
        byte[] in = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("in put.txt"), in);
        List<TextEmbedding> expected = expected(EmbedOptions.defaults(), texts);
        Cli.Result quiet = embed("--input", file, "--threads", 1);
        assertThat(quiet.err()).isEmpty();
        same(quiet.lines(), expected);
        same(Cli.runWith(in, true, "embed", "--model", model, "--input", "-").lines(), expected);
        same(Cli.runWith(in, true, "embed", "--model", model, "--input", file).lines(), expected);
        assertThat(Cli.runWith(in, true, "embed", "--model", model, "a", "b").err()).isEmpty();
    }

    @Test
    void linesMayComeFromWindows() throws IOException {
        Path file = Files.writeString(folder.resolve("crlf.txt"), "\ufeffthe cat\r\n\r\na b c d e f\r\nfind the dog.\r\n");
        same(embed("-i", file).lines(), expected(EmbedOptions.defaults(), TEXTS));
    }

    @Test
    void aBadLineCostsItsOwnRow() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(("a\n" + TOO_LONG + "\nb\n\u00e9").getBytes(StandardCharsets.UTF_8));
        lines.writeBytes(new byte[] {(byte) 0xff, '\n', 'c', '\n'});
        Path file = Files.write(folder.resolve("in.txt"), lines.toByteArray());
        Path out = folder.resolve("out.jsonl");
        Cli.Result result = embed("--input", file, "--truncate", "error", "--output", out);
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).isEqualTo("encoder4j: 2 of 5 texts have no answer; the first: " + file
                + ": line 2 has 72 tokens, at most 64 are allowed; shorten it, or allow truncation\n");
        List<JsonNode> rows = Files.readAllLines(out).stream().map(Cli.JSON::readTree).toList();
        assertThat(rows).extracting(row -> row.get("index").asInt()).containsExactly(0, 1, 2, 3, 4);
        assertThat(rows.get(1).toString()).isEqualTo("{\"index\":1,\"error\":\"line 2 has 72 tokens, at most 64 are allowed;"
                + " shorten it, or allow truncation\"}");
        assertThat(rows.get(3).get("error").asString()).isEqualTo("line 4 is not UTF-8: byte 3 of the line is 0xff; convert"
                + " the file, for example with iconv");
        assertThat(vector(rows.get(4))).isEqualTo(expected(EmbedOptions.defaults(), List.of("c")).getFirst().vector());

        Cli.Result csv = embed("--input", file, "--truncate", "error", "--format", "csv");
        assertThat(csv.code()).isEqualTo(3);
        assertThat(csv.out().lines().map(row -> row.split(",")[0])).containsExactly("index", "0", "2", "4");
        assertThat(csv.err()).contains(file + ": line 2 has 72 tokens", file + ": line 4 is not UTF-8").hasLineCount(3);

        Path npy = folder.resolve("out.npy");
        Cli.Result refused = embed("--input", file, "--truncate", "error", "--format", "npy", "--output", npy);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("line 2 has 72 tokens", "npy has no place for a text without a vector");
        assertThat(npy).doesNotExist();
    }

    @Test
    void aFileThatIsNoTextIsToldAsSuch() throws IOException {
        Path file = Files.write(folder.resolve("binary"), new byte[Lines.LONGEST + 1]);
        Path out = folder.resolve("out");
        Cli.Result result = embed("--input", file, "--output", out);
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).isEqualTo("encoder4j: 1 of 1 text has no answer: " + file
                + ": line 1 has 16777217 bytes, more than 16777216; is this a text file?\n");
        assertThat(Files.readString(out)).startsWith("{\"index\":0,\"error\":\"line 1 has 16777217 bytes").hasLineCount(1);
    }

    @Test
    void truncationIsReported() {
        JsonNode line = embed(TOO_LONG).lines().getFirst();
        assertThat(line.get("truncated").asBoolean()).isTrue();
        assertThat(line.get("tokens").asInt()).isEqualTo(64);
    }

    @Test
    void aFailureLeavesTheOldFile() throws IOException {
        Path out = Files.writeString(folder.resolve("out.jsonl"), "old");
        assertThat(embed("a", "--dimensions", 33, "--output", out).code()).isEqualTo(2);
        assertThat(embed("--input", Files.writeString(folder.resolve("empty.txt"), ""), "--output", out).err())
                .isEqualTo("encoder4j: there are no texts in " + folder.resolve("empty.txt") + "\n");
        assertThat(Files.readString(out)).isEqualTo("old");
        assertThat(embed("a", "--output", out).code()).isZero();
        assertThat(Files.readString(out)).startsWith("{\"index\":0");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("out.jsonl", "empty.txt");
        }
    }

    @Test
    void aReaderThatGoesAwayEndsTheRunQuietly() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(run(new Failing("Broken pipe"), err)).isEqualTo(141);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(run(new Failing("No space left on device"), err)).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("encoder4j: cannot write the output: No space left on device\n");
    }

    private static int run(OutputStream out, OutputStream err) {
        return Main.run(new String[] {"embed", "--model", model.toString(), "a"}, new ByteArrayInputStream(new byte[0]), out,
                err, Terminal.NONE);
    }

    private static final class Failing extends OutputStream {

        private final String message;

        Failing(String message) {
            this.message = message;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(message);
        }
    }
}
