// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Runs commands in this process, and makes a model small enough for it.
final class Cli {

    static final JsonMapper JSON = new JsonMapper();

    private Cli() { }

    /// @param bytes what went to standard output
    record Result(int code, byte[] bytes, String err) {

        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        List<JsonNode> lines() {
            return out().lines().map(JSON::readTree).toList();
        }
    }

    static Result run(Object... args) {
        return runWith(new byte[0], false, args);
    }

    /// @param watched whether standard error is a terminal
    static Result runWith(byte[] in, boolean watched, Object... args) {
        return runAt(new Terminal(false, watched, 80, watched, watched), new ByteArrayInputStream(in), args);
    }

    static Result runAt(Terminal terminal, InputStream in, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(Stream.of(args).map(String::valueOf).toArray(String[]::new), in, out, err, terminal);
        return new Result(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    static Path goldens() {
        return Path.of(System.getProperty("basedir", "."), "..", "goldens").normalize();
    }

    /// A BERT of 2 layers, 32 features and 64 positions, with a WordPiece tokenizer of letters and the prompt `query`.
    static Path tinyModel(Path folder) {
        try {
            Files.createDirectories(folder);
            for (String name : List.of("config.json", "model.safetensors")) {
                Files.copy(goldens().resolve("families/bert/BertModel").resolve(name), folder.resolve(name));
            }
            Files.writeString(folder.resolve("tokenizer.json"), tokenizer().toString());
            Files.writeString(folder.resolve("config_sentence_transformers.json"),
                    "{\"prompts\": {\"query\": \"find \"}}");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode tokenizer() throws IOException {
        Path file = goldens().resolve("tokenizers/wordpiece_uncased/tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
        List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "the", "find"));
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
            tokens.add("##" + c);
        }
        for (char c = '0'; c <= '9'; c++) {
            tokens.add(String.valueOf(c));
            tokens.add("##" + c);
        }
        ObjectNode vocabulary = ((ObjectNode) tokenizer.get("model")).putObject("vocab");
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return tokenizer;
    }
}
