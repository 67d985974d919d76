// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Lines of standard input are answered as they come, not when they end.
@Timeout(60)
class StreamingTest {

    @TempDir
    private static Path folder;
    private static Path model;

    @BeforeAll
    static void makeModel() {
        model = Cli.tinyModel(folder.resolve("model"));
    }

    /// A command whose input and output are pipes.
    private static final class Piped implements AutoCloseable {

        final PipedOutputStream in = new PipedOutputStream();
        private final PipedInputStream stdin;
        private final PipedInputStream stdout = new PipedInputStream(1 << 20);
        private final BufferedReader answers;
        final CompletableFuture<Integer> code;

        Piped(String... args) throws IOException {
            stdin = new PipedInputStream(in);
            PipedOutputStream out = new PipedOutputStream(stdout);
            answers = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8));
            code = CompletableFuture.supplyAsync(() -> Main.run(args, stdin, out, OutputStream.nullOutputStream(), Terminal.NONE));
        }

        void send(String text) throws IOException {
            in.write(text.getBytes(StandardCharsets.UTF_8));
            in.flush();
        }

        JsonNode answer() throws IOException {
            return Cli.JSON.readTree(answers.readLine());
        }

        @Override
        public void close() throws IOException {
            in.close();
            stdin.close();
            answers.close();
        }
    }

    @Test
    void eachLineIsAnsweredBeforeTheNextIsSent() throws Exception {
        try (Piped embed = new Piped("embed", "-m", model.toString(), "-i", "-")) {
            for (int i = 0; i < 3; i++) {
                embed.send("text " + i + "\n");
                assertThat(embed.answer().get("index").asInt()).isEqualTo(i);
            }
            embed.send("a\nb\nc");
            embed.in.close();
            for (int i = 3; i < 6; i++) {
                assertThat(embed.answer().get("index").asInt()).isEqualTo(i);
            }
            assertThat(embed.code.get(30, TimeUnit.SECONDS)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "csv", "tsv"})
    void columnsAreAnsweredAsTheyComeToo(String format) throws Exception {
        boolean json = format.equals("jsonl");
        String between = format.equals("csv") ? "," : "\t";
        try (Piped tokenize = new Piped("tokenize", "-m", model.toString(), "-i", "-", "--input-format", format, "--id", "n",
                "-f", "jsonl")) {
            tokenize.send(json ? "" : "n" + between + "text\n");
            for (String id : new String[] {"x", "y"}) {
                tokenize.send((json ? "{\"n\":\"" + id + "\",\"text\":\"the cat\"}" : id + between + "the cat") + "\n");
                assertThat(tokenize.answer().get("id").asString()).isEqualTo(id);
            }
        }
    }

    @Test
    void taskCommandsStreamToo() throws Exception {
        String tagger = Run.GOLDENS.resolve("tasks/tagger").toString();
        try (Piped tag = new Piped("tag", "-m", tagger, "-i", "-")) {
            tag.send("good\n");
            assertThat(tag.answer().get("index").asInt()).isZero();
            tag.send("the small house\n");
            assertThat(tag.answer().get("index").asInt()).isEqualTo(1);
        }
    }
}
