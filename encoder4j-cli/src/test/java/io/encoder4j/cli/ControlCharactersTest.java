// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Control characters of files and texts never reach a terminal: they are escaped in messages, tables and stories.
class ControlCharactersTest {

    /// Colour, clear the screen by the eight-bit introducer, a bell, an override of the writing direction.
    private static final String BAD = "\u001b[31mred\u009b2J\u0007\u202e";
    private static final String JSON = "\\u001b[31mred\\u009b2J\\u0007\\u202e";

    @TempDir
    private Path temp;

    private static String clean(Cli.Result result) {
        for (String text : new String[] {result.out(), result.err()}) {
            assertThat(text.codePoints().filter(c -> c != '\n' && c != '\t' && (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT)).mapToObj(c -> "U+%04x".formatted(c)).toList()).as(text).isEmpty();
        }
        return result.out() + result.err();
    }

    private Path model(String golden, String file, String from, String to) throws IOException {
        Path source = Run.GOLDENS.resolve(golden);
        Path folder = Files.createTempDirectory(temp, "m");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path copied : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(source.relativize(copied).toString());
                Files.createDirectories(target.getParent());
                Files.copy(copied, target);
            }
        }
        String json = Files.readString(folder.resolve(file));
        assertThat(json).contains(from);
        Files.writeString(folder.resolve(file), json.replace(from, to));
        return folder;
    }

    @Test
    void ofConfigurationsInMessagesAndTables() throws IOException {
        Path activation = model("tasks/classifier", "config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"" + JSON + "\"");
        Path label = model("tasks/classifier", "config.json", "\"entailment\"", "\"" + JSON + "\"");
        Path key = model("tasks/classifier", "config.json", "\"hidden_act\"", "\"" + JSON + "\": 1, \"hidden_act\"");
        Path module = model("sentence/v6", "modules.json", "\"sentence_transformers.", "\"" + JSON);
        Path prompt = model("sentence/v6", "config_sentence_transformers.json", "\"query\"", "\"" + JSON + "\"");
        Path tokenizer = model("sentence/v6", "tokenizer.json", "\"BertNormalizer\"", "\"" + JSON + "\"");
        for (Path folder : new Path[] {activation, label, key, module, prompt, tokenizer}) {
            assertThat(clean(Cli.run("inspect", folder))).as(folder.toString()).contains("\\u001b");
        }
        for (Path folder : new Path[] {activation, module, tokenizer}) {
            assertThat(clean(Cli.run("embed", "--model", folder, "a"))).contains("\\u001b");
            assertThat(clean(Cli.run("embed", "--model", folder, "a"))).hasLineCount(1);
        }
    }

    @Test
    void ofTextsAndNames() throws IOException {
        Path model = Run.GOLDENS.resolve("sentence/v6");
        assertThat(clean(Cli.run("similarity", "--model", model, BAD, BAD))).contains("\\u001b");
        assertThat(clean(Cli.run("explain", "--model", model, BAD + " a"))).contains("\\u001b");
        assertThat(clean(Cli.run("tokenize", "--model", model, BAD))).contains("token");
        assertThat(clean(Cli.run("embed", "--model", temp.resolve(BAD), "a"))).contains("\\u001b");
        assertThat(clean(Cli.run("embed", "--model", model, "--input", temp.resolve(BAD)))).contains("\\u001b");
        assertThat(clean(Cli.run("inspect", Files.createDirectory(temp.resolve(BAD))))).contains("\\u001b");
        assertThat(clean(Cli.run(BAD))).contains("\\u001b");
        assertThat(clean(Cli.run("embed", "--format", BAD, "a"))).contains("\\u001b");
        assertThat(clean(Cli.run("verify", temp.resolve(BAD)))).contains("\\u001b");
    }

    @Test
    void ofTextsInJson() throws IOException {
        Path classifier = Run.GOLDENS.resolve("tasks/classifier");
        String text = BAD + "\u007f\u2028";
        String json = clean(Cli.run("embed", "--model", Run.GOLDENS.resolve("sentence/v6"), "--with-text", text));
        assertThat(json).contains("\\u001B[31mred\\u009B2J\\u0007\\u202E\\u007F\\u2028");
        assertThat(new JsonMapper().readTree(json).get("text").asString()).isEqualTo(text);
        String labels = clean(Cli.run("classify", "--model", classifier, "--with-text", text));
        assertThat(new JsonMapper().readTree(labels).get("text").asString()).isEqualTo(text);
        assertThat(clean(Cli.run("similarity", "--model", Run.GOLDENS.resolve("sentence/v6"), "--json", text, text))).isNotEmpty();
        Path label = model("tasks/classifier", "config.json", "\"entailment\"", "\"" + JSON + "\"");
        assertThat(clean(Cli.run("inspect", "--json", label))).contains("\\\\u009b");
        assertThat(clean(Cli.run("classify", "--model", label, "a"))).contains("\\u009B");
    }
}
