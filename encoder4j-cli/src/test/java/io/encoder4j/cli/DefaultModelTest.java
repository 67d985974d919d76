// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DefaultModelTest {

    private static final String[] FOOD = {"similarity", "--format", "json", "A man is eating food.",
        "A man is eating a piece of bread.", "A man is eating food."};

    @TempDir
    private Path folder;
    private Path cache;

    @BeforeEach
    void setCache() {
        cache = folder.resolve("cache");
        System.setProperty("encoder4j.cache", cache.toString());
    }

    @AfterEach
    void clearCache() {
        System.clearProperty("encoder4j.cache");
    }

    private static void checkFood(Cli.Result result) {
        JsonNode json = Cli.JSON.readTree(result.out());
        // sentence-transformers gives 0.7553.
        assertThat(json.at("/similarities/0/cosine").asDouble()).isCloseTo(0.7553, within(5e-5));
        assertThat(json.at("/similarities/1/cosine").asDouble()).isGreaterThan(0.999999);
    }

    @Test
    void comesWithoutADownloadAndIsMadeOnce() throws IOException {
        Cli.Result first = Cli.run((Object[]) FOOD);
        assertThat(first.err()).isEqualTo("encoder4j: preparing all-MiniLM-L6-v2 (first use, a few seconds)…\n");
        checkFood(first);
        List<Path> models;
        try (Stream<Path> files = Files.list(cache.resolve("models"))) {
            models = files.toList();
        }
        assertThat(models).hasSize(1);
        Path weights = models.getFirst().resolve("model.safetensors");
        FileTime made = Files.getLastModifiedTime(weights);

        Cli.Result second = Cli.run((Object[]) FOOD);
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(Files.getLastModifiedTime(weights)).isEqualTo(made);
        Cli.Result named = Cli.run(Stream.concat(Stream.of(FOOD), Stream.of("--model", "classpath:all-MiniLM-L6-v2")).toArray());
        assertThat(named.err()).isEmpty();
        assertThat(named.out()).isEqualTo(first.out());
    }

    @Test
    void anOnnxFileIsConvertedOnceAndAgainWhenItChanges() throws IOException {
        Path onnx = folder.resolve("all-minilm-l6-v2.onnx");
        copy("/all-minilm-l6-v2.onnx", onnx);
        assertThat(Cli.run("embed", "a", "--model", onnx).err())
                .contains("no all-minilm-l6-v2-tokenizer.json and no tokenizer.json beside it")
                .contains("encoder4j import " + onnx + " --output DIR");
        copy("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
        Object[] args = Stream.concat(Stream.of(FOOD), Stream.of("--model", onnx.toString())).toArray();
        Cli.Result first = Cli.run(args);
        assertThat(first.err()).isEqualTo("encoder4j: converting " + onnx + " (once)…\n");
        checkFood(first);
        assertThat(Cli.run(args).err()).isEmpty();
        assertThat(Cli.run("inspect", onnx).out()).contains("bert").containsPattern("max tokens +256");
        Files.setLastModifiedTime(onnx, FileTime.fromMillis(0));
        assertThat(Cli.run(args).err()).startsWith("encoder4j: converting");

        Path made = folder.resolve("made");
        Cli.Result imported = Cli.run("import", onnx, "--output", made, "--pooling", "cls", "--no-normalize",
                "--max-length", 99, "--prompt", "query=find: ", "--tokenizer", folder.resolve("tokenizer.json"));
        assertThat(imported.err()).isEmpty();
        assertThat(imported.out()).isEqualTo(made + "\n");
        assertThat(Cli.run("inspect", made).out()).containsPattern("pooling +cls\n").containsPattern("normalized +no\n")
                .containsPattern("max tokens +99\n").containsPattern("prompts +query \\(\"find: \"\\)\n");
        assertThat(Cli.run("import", onnx, "--output", made).code()).isEqualTo(3);
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = DefaultModelTest.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
    }

    @Test
    void aCacheThatCannotBeWrittenIsToldWithTheRemedy() throws IOException {
        Files.writeString(cache, "a file");
        Cli.Result result = Cli.run("embed", "a");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).startsWith("encoder4j: the cache " + cache + " cannot be written: ")
                .endsWith("; set ENCODER4J_CACHE to a folder with room\n").hasLineCount(1);
    }
}
