// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.ModelOptions;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.files.Printable;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A folder with a tokenizer and `golden.jsonl`: on each line a text and what Hugging Face tokenizers made of it.
record TokenizerGolden(Path path) implements Golden {

    static final String FILE = "golden.jsonl";

    private static final Set<String> INPUTS = Set.of("text", "pair", "add_special_tokens", "max_length");
    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// What came of one field so far.
    private static final class Field {
        private int lines;
        private int mismatches;
        private @Nullable String first;
    }

    @Override
    public Section check(ModelOptions options) throws IOException {
        Tokenizer tokenizer = Tokenizer.fromFolder(path);
        Map<String, Field> fields = new LinkedHashMap<>();
        int lines = 0;
        for (String text : Files.readAllLines(path.resolve(FILE))) {
            lines++;
            compare(tokenizer, parse(text, lines), lines, fields);
        }
        List<Result> results = new ArrayList<>();
        fields.forEach((name, f) -> results.add(new Result.OfField(name, f.lines, f.mismatches, f.first)));
        return new Section(path, "tokenizer of " + tokenizer.vocabSize() + " tokens, " + lines + " texts", results,
                List.of(), null);
    }

    private JsonNode parse(String text, int number) {
        try {
            JsonNode line = MAPPER.readTree(text);
            if (line.isObject() && line.path("text").isString()) {
                return line;
            }
        } catch (JacksonException e) {
            throw new CheckpointException(path.resolve(FILE) + ": line " + number + " is not JSON: "
                    + e.getOriginalMessage(), e);
        }
        throw new CheckpointException(path.resolve(FILE) + ": line " + number + " is not an object with a text");
    }

    private static void compare(Tokenizer tokenizer, JsonNode line, int number, Map<String, Field> fields) {
        ObjectNode ours = encode(tokenizer, line);
        line.forEachEntry((name, expected) -> {
            if (INPUTS.contains(name)) {
                return;
            }
            Field field = fields.computeIfAbsent(name, _ -> new Field());
            field.lines++;
            JsonNode actual = ours.get(name);
            if (!expected.equals(actual)) {
                field.mismatches++;
                field.first = field.first != null ? field.first
                        : "line " + number + ", text " + excerpt(line.get("text")) + ": "
                        + (actual == null ? "we have nothing of that name" : difference(expected, actual));
            }
        });
    }

    private static ObjectNode encode(Tokenizer tokenizer, JsonNode line) {
        String text = line.get("text").stringValue();
        String pair = line.path("pair").stringValue(null);
        EncodeOptions options = EncodeOptions.defaults()
                .withAddSpecialTokens(line.path("add_special_tokens").asBoolean(true));
        // A truncation in tokenizer.json itself is not what the line asked for.
        options = line.hasNonNull("max_length") ? options.withMaxLength(line.get("max_length").intValue())
                : options.withoutTruncation();
        Encoding encoding = tokenizer.encode(text, pair, options);
        ObjectNode ours = MAPPER.createObjectNode();
        ArrayNode ids = ours.putArray("ids");
        ArrayNode tokens = ours.putArray("tokens");
        ArrayNode types = ours.putArray("type_ids");
        ArrayNode special = ours.putArray("special_tokens_mask");
        ArrayNode attention = ours.putArray("attention_mask");
        ArrayNode offsets = ours.putArray("offsets");
        int[][] codePoints = encoding.codePointOffsets(text, pair);
        for (int i = 0; i < encoding.length(); i++) {
            ids.add(encoding.ids()[i]);
            tokens.add(encoding.tokens().get(i));
            types.add(encoding.typeIds()[i]);
            special.add(encoding.specialTokensMask()[i] ? 1 : 0);
            attention.add(1);
            offsets.addArray().add(codePoints[0][i]).add(codePoints[1][i]);
        }
        return ours.put("decoded", tokenizer.decode(encoding.ids(), true));
    }

    private static String difference(JsonNode expected, JsonNode actual) {
        if (!expected.isArray()) {
            return "expected " + excerpt(expected) + ", got " + excerpt(actual);
        }
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            if (!expected.get(i).equals(actual.get(i))) {
                return "at token " + i + " expected " + excerpt(expected.get(i)) + ", got " + excerpt(actual.get(i));
            }
        }
        return "expected " + expected.size() + " tokens, got " + actual.size();
    }

    private static String excerpt(JsonNode value) {
        // As JSON, so that control characters stay what they are and out of the terminal.
        String text = value.toString();
        return Printable.name(text.length() <= 80 ? text : text.substring(0, 80) + "…");
    }
}
