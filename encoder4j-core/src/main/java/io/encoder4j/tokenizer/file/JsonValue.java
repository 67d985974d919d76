// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.files.ModelFiles;
import io.encoder4j.json.JsonTree;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.POJONode;

/// A JSON value with its file and key path, so that every error names both.
public record JsonValue(Path file, String path, JsonNode node) {
    private static final int MAX_BYTES = 1 << 30;

    /// Reads a file that holds one JSON object.
    static JsonValue read(Path file) throws IOException {
        return read(file, (_, _) -> null);
    }

    /// Reads a file that holds one JSON object. An object at the given path is read as a vocabulary, see
    /// [#vocabulary()].
    static JsonValue read(Path file, String vocabularyPath) throws IOException {
        return read(file, (path, parser) -> path.equals(vocabularyPath)
                ? JsonNodeFactory.instance.pojoNode(VocabularyJson.read(file, path, parser)) : null);
    }

    private static JsonValue read(Path file, JsonTree.Taker taker) throws IOException {
        try {
            JsonValue root = new JsonValue(file, "", JsonTree.readStrictly(ModelFiles.read(file, MAX_BYTES), taker));
            return root.node.isObject() || root.node.isPojo() ? root : root.mismatch("an object");
        } catch (JacksonException e) {
            throw new TokenizerProblem(file + " is not well-formed JSON: " + e.getOriginalMessage() + " at line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()) + "; fetch the file again", e);
        }
    }

    TokenizerProblem error(String problem) {
        return new TokenizerProblem(file + (path.isEmpty() ? "" : ": " + path) + " " + problem);
    }

    /// An error about a value that is not among the supported ones.
    public TokenizerProblem unsupported(String supported) {
        return error("is " + node + "; supported: " + supported);
    }

    public boolean isString() {
        return node.isString();
    }

    private <T> T mismatch(String expected) {
        String found = node.isPojo() ? "{…}" : node.toString();
        throw error("should be " + expected + ", not " + (found.length() > 60 ? found.substring(0, 60) + "…" : found));
    }

    /// A required member.
    public JsonValue get(String key) {
        JsonValue member = find(key);
        if (member == null) {
            throw error("has no \"" + key + "\"");
        }
        return member;
    }

    /// A member, or null if it is absent or null.
    @Nullable JsonValue find(String key) {
        JsonNode member = object().get(key);
        return member == null || member.isNull() ? null
                : new JsonValue(file, path.isEmpty() ? key : path + "." + key, member);
    }

    /// The result of `read` for a member, or a default if it is absent or null.
    public <T> T get(String key, Function<JsonValue, T> read, T absent) {
        JsonValue member = find(key);
        return member == null ? absent : read.apply(member);
    }

    /// Refuses all other members: a key that is not understood must not be ignored.
    public void expectOnly(String... keys) {
        Set<String> unknown = new TreeSet<>(object().propertyNames());
        unknown.removeAll(Set.of(keys));
        if (!unknown.isEmpty()) {
            throw error("has keys that are not supported: " + String.join(", ", unknown));
        }
    }

    /// The members by name, in the file's order.
    Iterable<Map.Entry<String, JsonNode>> members() {
        return object().properties();
    }

    JsonValue member(Map.Entry<String, JsonNode> entry) {
        return new JsonValue(file, path + "[\"" + entry.getKey() + "\"]", entry.getValue());
    }

    /// The ids of a vocabulary that was read with the file.
    Map<String, Integer> vocabulary() {
        return node instanceof POJONode taken && taken.getPojo() instanceof VocabularyJson vocabulary
                ? vocabulary.ids() : mismatch("an object");
    }

    List<JsonValue> elements() {
        if (!node.isArray()) {
            return mismatch("an array");
        }
        List<JsonValue> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new JsonValue(file, path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /// A string without lone surrogates.
    public String string() {
        return node.isString() ? wellFormed(node.stringValue()) : mismatch("a string");
    }

    /// Refuses a name or string with a lone surrogate, which UTF-8 cannot encode.
    String wellFormed(String string) {
        if (!isWellFormed(string)) {
            throw error("has half of a surrogate pair in a string");
        }
        return string;
    }

    /// Whether a text has no lone surrogate.
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !(Character.isHighSurrogate(text.charAt(i))
                    && ++i < text.length() && Character.isLowSurrogate(text.charAt(i)))) {
                return false;
            }
        }
        return true;
    }

    boolean bool() {
        return node.isBoolean() ? node.booleanValue() : this.<Boolean>mismatch("true or false");
    }

    /// An integer from 0 to `limit`, exclusive.
    public int integer(int limit) {
        if (node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0 && node.intValue() < limit) {
            return node.intValue();
        }
        return this.<Integer>mismatch("an integer from 0 to " + (limit - 1));
    }

    private JsonNode object() {
        return node.isObject() ? node : mismatch("an object");
    }
}
