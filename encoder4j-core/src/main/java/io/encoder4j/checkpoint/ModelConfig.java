// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.StandardActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A config.json read key by key, in its own words. Problems are noted and thrown together with those of the weights; a key
/// whose value we do not implement is refused by name, never ignored.
public final class ModelConfig {

    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_SIZE = 1 << 24;

    private final String location;
    private final JsonNode root;
    private final String prefix;
    private final List<String> problems;

    /// @param location named in messages
    /// @param root     the configuration, an object
    ModelConfig(String location, JsonNode root) {
        this(location, root, "", new ArrayList<>());
    }

    /// @param prefix   what stands before a key in messages
    /// @param problems where problems are noted
    ModelConfig(String location, JsonNode root, String prefix, List<String> problems) {
        this.location = location;
        this.root = root;
        this.prefix = prefix;
        this.problems = problems;
    }

    /// Reads a config.json.
    ///
    /// @param file the config.json
    /// @return the configuration
    /// @throws CheckpointException if it is missing, is not JSON or is not an object
    /// @throws IOException if a file cannot be read
    public static ModelConfig read(Path file) throws IOException {
        return new ModelConfig(file.toString(), ConfigFiles.readObject(file));
    }

    /// {@return the object under a key, empty if there is none; its problems are this configuration's}
    ///
    /// @param key the key
    public ModelConfig at(String key) {
        JsonNode child = root.path(key);
        if (has(key) && !child.isObject()) {
            problems.add(prefix + key + " must be an object, found " + ConfigFiles.shown(child));
        }
        return new ModelConfig(location, child.isObject() ? child : JsonNodeFactory.instance.objectNode(), prefix + key + ".", problems);
    }

    /// {@return a required size: a whole number from 1}
    ///
    /// @param key the key
    public int size(String key) {
        return whole(key, 1, 1);
    }

    private int whole(String key, int least, int otherwise) {
        JsonNode value = root.path(key);
        if (!value.isIntegralNumber() || value.longValue() < least || value.longValue() > MAX_SIZE) {
            problems.add(prefix + key + " must be a whole number from " + least + " to " + MAX_SIZE + ", found "
                    + (value.isMissingNode() ? "nothing" : ConfigFiles.shown(value)));
            return otherwise;
        }
        return value.intValue();
    }

    /// {@return an optional size}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public int size(String key, int otherwise) {
        return has(key) ? size(key) : otherwise;
    }

    /// Notes a problem unless the value of one key is a multiple of the value of another.
    ///
    /// @param key     the key
    /// @param value   the value of that key
    /// @param of      the key it must be a multiple of
    /// @param divisor the value of the other key
    public void requireMultiple(String key, int value, String of, int divisor) {
        if (value % divisor != 0) {
            problems.add(prefix + key + " " + value + " is not a multiple of " + of + " " + divisor);
        }
    }

    /// {@return an optional index: a whole number from 0}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public int index(String key, int otherwise) {
        return has(key) ? whole(key, 0, otherwise) : otherwise;
    }

    /// {@return an optional finite number that is not negative}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public float number(String key, double otherwise) {
        if (!has(key)) {
            return (float) otherwise;
        }
        JsonNode value = root.get(key);
        float number = value.isNumber() ? (float) value.doubleValue() : -1;
        if (!(number >= 0) || Float.isInfinite(number)) {
            problems.add(prefix + key + " must be a number that is not negative and within float32, found "
                    + ConfigFiles.shown(value));
            return (float) otherwise;
        }
        return number;
    }

    /// {@return the number under a key, whatever its size; empty if there is none}
    ///
    /// @param key the key
    public Optional<Number> findNumber(String key) {
        return root.path(key).isNumber() ? Optional.of(root.path(key).numberValue()) : Optional.empty();
    }

    /// {@return an optional word}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public String text(String key, String otherwise) {
        return has(key) ? word(key, root.get(key)).orElse(otherwise) : otherwise;
    }

    private Optional<String> word(String key, JsonNode value) {
        if (!value.isValueNode()) {
            problems.add(prefix + key + " must be a word, found " + ConfigFiles.shown(value));
            return Optional.empty();
        }
        return Optional.of(value.asString());
    }

    /// {@return the word at a path of keys, if there is one: `sentence_transformers`, `activation_fn`} A token may also be
    /// written as an object with its `content`.
    ///
    /// @param path the keys, from the outermost
    public Optional<String> find(String... path) {
        JsonNode node = root;
        for (String key : path) {
            node = node.path(key);
        }
        node = node.isObject() ? node.path("content") : node;
        return Optional.ofNullable(node.stringValue(null));
    }

    /// {@return an optional list of words, or a single one}
    ///
    /// @param key the key
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonNode value = root.path(key);
        if (has(key) && !value.isString() && !value.isArray()) {
            problems.add(prefix + key + " must be a list of words, found " + ConfigFiles.shown(value));
            return texts;
        }
        (value.isString() ? List.of(value) : value).forEach(text -> word(key, text).ifPresent(texts::add));
        return texts;
    }

    /// {@return the words of the object under a key, by name and in file order; null is an empty one}
    ///
    /// @param key the key
    public SequencedMap<String, String> textsByName(String key) {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        ModelConfig object = at(key);
        object.root.propertyNames().forEach(name -> texts.put(name, object.text(name, "")));
        return texts;
    }

    /// {@return an optional truth value}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = root.get(key);
        if (!value.isBoolean() && !(value.isInt() && (value.intValue() == 0 || value.intValue() == 1))) {
            problems.add(prefix + key + " must be true or false, found " + ConfigFiles.shown(value));
            return otherwise;
        }
        return value.asBoolean();
    }

    /// {@return the activation function a key names}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public StandardActivation activation(String key, String otherwise) {
        String name = text(key, otherwise);
        Optional<StandardActivation> function = StandardActivation.named(name);
        if (function.isEmpty()) {
            problems.add(prefix + key + " '" + name + "' is not supported; supported: "
                    + String.join(", ", StandardActivation.allNames()));
        }
        return function.orElse(StandardActivation.LINEAR);
    }

    /// {@return an optional whole number, which may be negative: some keys say "none" with -1}
    ///
    /// @param key       the key
    /// @param otherwise the value where the key is absent
    public int whole(String key, int otherwise) {
        return has(key) ? whole(key, -MAX_SIZE, otherwise) : otherwise;
    }

    /// Refuses any value of a key but the ones implemented; an absent key is fine.
    ///
    /// @param key         the key
    /// @param implemented what is supported
    public void only(String key, Object... implemented) {
        if (has(key) && Arrays.stream(implemented).noneMatch(v -> String.valueOf(v).equals(ConfigFiles.plain(root.get(key))))) {
            problems.add(prefix + key + " " + ConfigFiles.shown(root.get(key)) + " is not supported; supported: "
                    + Arrays.toString(implemented));
        }
    }

    /// Refuses every key but the ones implemented: an unknown one may change the result.
    ///
    /// @param implemented what is supported
    public void onlyKeys(String... implemented) {
        for (String key : root.propertyNames()) {
            if (!Arrays.asList(implemented).contains(key)) {
                problems.add(prefix + key + " is not supported; supported: " + String.join(", ", implemented));
            }
        }
    }

    /// Notes a problem, in config.json's words.
    ///
    /// @param problem what is wrong, beginning with the key
    public void problem(String problem) {
        problems.add(problem);
    }

    /// {@return whether a key is present, be it with null}
    ///
    /// @param key the key
    public boolean mentions(String key) {
        return root.has(key);
    }

    /// {@return whether a key is present and not null}
    ///
    /// @param key the key
    public boolean has(String key) {
        return root.hasNonNull(key);
    }

    /// {@return the keys that hold a plain value, in file order, as text}
    public SequencedMap<String, String> settings() {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        root.forEachEntry((key, value) -> {
            if (value.isValueNode() && !value.isNull()) {
                settings.put(key, value.asString());
            }
        });
        return settings;
    }

    /// The JSON itself.
    JsonNode json() {
        return root;
    }

    /// {@return where it was read, for messages}
    public String location() {
        return location;
    }

    /// {@return problems noted so far}
    public List<String> problems() {
        return problems;
    }

    /// Throws the problems noted so far, all together, if there are any.
    ///
    /// @throws CheckpointException naming them
    public void check() {
        CheckpointException.throwAll(location, problems);
    }
}
