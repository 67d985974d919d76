// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain;

import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/// The sentences of an explanation in one language, by key. The terminal, JSON and the page read the same files.
public final class Texts {

    /// The languages there are.
    public static final List<String> LANGUAGES = List.of("en", "zh");

    private final Map<String, String> texts;

    private Texts(Map<String, String> texts) {
        this.texts = texts;
    }

    /// {@return the sentences of a language}
    ///
    /// @param language one of [#LANGUAGES]
    /// @throws IllegalArgumentException if there is no such language
    public static Texts of(String language) {
        if (!LANGUAGES.contains(language)) {
            throw new IllegalArgumentException("there is no language '" + language + "'; there are: " + String.join(", ", LANGUAGES));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(tools.jackson.core.ObjectReadContext.empty(), file(language))) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                texts.put(key, json.getString());
            }
        }
        return new Texts(texts);
    }

    /// {@return the file of a language, as JSON}
    ///
    /// @param language one of [#LANGUAGES]
    static String file(String language) {
        String name = "texts/" + language + ".json";
        try (InputStream in = Objects.requireNonNull(Texts.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return all keys}
    public List<String> keys() {
        return List.copyOf(texts.keySet());
    }

    /// {@return a text with its places filled in}
    ///
    /// @param key  of the text
    /// @param args what stands in places like `{layer}`
    /// @throws IllegalArgumentException if there is no such text
    public String text(String key, Map<String, Object> args) {
        String text = texts.get(key);
        if (text == null) {
            throw new IllegalArgumentException("there is no text " + key);
        }
        for (Map.Entry<String, Object> arg : args.entrySet()) {
            text = text.replace("{" + arg.getKey() + "}", String.valueOf(arg.getValue()));
        }
        return text;
    }

    /// {@return what a step is called}
    ///
    /// @param step the step
    public String title(ExplainedStep step) {
        return text("step." + known(step) + ".title", step.args());
    }

    /// {@return why a step is there}
    ///
    /// @param step the step
    public String why(ExplainedStep step) {
        return text("step." + known(step) + ".why", step.args());
    }

    private String known(ExplainedStep step) {
        return texts.containsKey("step." + step.role() + ".title") ? step.role() : "other";
    }

    /// {@return a problem, as a sentence}
    ///
    /// @param problem of [io.encoder4j.explain.data.Explanation#problems]
    public String problem(Sentence problem) {
        return text("problem." + problem.key(), problem.args());
    }

    /// {@return a difference from the tutorial's encoder, as a sentence}
    ///
    /// @param difference of [io.encoder4j.explain.data.Explanation#differences]
    public String difference(Sentence difference) {
        return text("difference." + difference.key(), difference.args());
    }
}
