// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// The options beside a vocabulary: `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`, and the
/// model type of `config.json`. Each may be absent.
final class TokenizerConfig {
    private final Path folder;
    private final @Nullable JsonValue config;
    private final @Nullable JsonValue map;
    private final @Nullable JsonValue added;
    private final @Nullable JsonValue model;

    private TokenizerConfig(Path folder) throws IOException {
        this.folder = folder;
        config = readIfThere("tokenizer_config.json");
        map = readIfThere("special_tokens_map.json");
        added = readIfThere("added_tokens.json");
        model = readIfThere("config.json");
    }

    static TokenizerConfig read(Path folder) throws IOException {
        return new TokenizerConfig(folder);
    }

    private @Nullable JsonValue readIfThere(String name) throws IOException {
        return TokenizerFiles.json(folder, name);
    }

    /// The tokenizer's class in transformers, without `Tokenizer` and `Fast`, such as `XLMRoberta`. If no file names
    /// it, the model type in the same form, such as `xlmroberta`, or else the given name. Compare it without case.
    String className(String absent) {
        for (JsonValue json : new JsonValue[] {config, model}) {
            JsonValue name = json == null ? null : json.find("tokenizer_class");
            if (name != null && !name.string().equals("PreTrainedTokenizerFast")) {
                return name.string().replaceFirst("Tokenizer(Fast)?$", "");
            }
        }
        JsonValue type = model == null ? null : model.find("model_type");
        return type == null ? absent : type.string().replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    boolean flag(String key, boolean absent) {
        return config == null ? absent : config.get(key, JsonValue::bool, absent);
    }

    int number(String key, int absent, int limit) {
        return config == null ? absent : config.get(key, number -> number.integer(limit), absent);
    }

    /// A special token by its key, such as `mask_token`. Its id is not set.
    AddedToken special(String key, String absent, boolean lstrip) {
        // As in transformers, the map comes first if the configuration has no added tokens.
        JsonValue first = config != null && config.find("added_tokens_decoder") != null ? config : map;
        JsonValue second = first == config ? map : config;
        for (JsonValue json : new JsonValue[] {first, second}) {
            JsonValue token = json == null ? null : json.find(key);
            if (token != null && token.node().isObject()) {
                String content = token.get("content").string();
                return new AddedToken(0, content, is(token, "single_word"), is(token, "lstrip"), is(token, "rstrip"),
                        false, true);
            }
            if (token != null) {
                return new AddedToken(0, token.string(), false, lstrip, false, false, true);
            }
        }
        return new AddedToken(0, absent, false, lstrip, false, false, true);
    }

    private static boolean is(JsonValue token, String key) {
        return token.get(key, JsonValue::bool, false);
    }

    /// Adds tokens to a vocabulary: the given ones, then those that only the files have. A given token keeps its id in
    /// the vocabulary, or else the files' id for it, or else gets the next free id.
    List<AddedToken> join(List<AddedToken> specials, Map<String, Integer> ids) {
        Map<String, AddedToken> tokens = new LinkedHashMap<>();
        Map<String, JsonValue> places = new LinkedHashMap<>();
        fromFiles(tokens, places);
        int next = 1 + ids.values().stream().mapToInt(id -> id).max().orElse(-1);
        for (AddedToken token : tokens.values()) {
            next = Math.max(next, token.id() + 1);
        }
        Map<String, AddedToken> all = new LinkedHashMap<>();
        for (AddedToken special : specials) {
            AddedToken known = tokens.get(special.content());
            Integer id = known != null ? Integer.valueOf(known.id()) : ids.get(special.content());
            AddedToken twin = all.get(special.content());
            if (known != null && isExplicit(places.get(special.content()))) {
                all.put(special.content(), known);
            } else if (twin == null) {
                all.put(special.content(), new AddedToken(id == null ? next++ : id, special.content(),
                        special.singleWord(), special.lstrip(), special.rstrip(), special.normalized(),
                        special.special()));
            }
        }
        tokens.forEach(all::putIfAbsent);
        List<AddedToken> ordered = new ArrayList<>(all.values());
        JsonValue nowhere = new JsonValue(config == null ? folder : config.file(), "", NullNode.instance);
        return TokenizerJson.join(ordered, ids,
                index -> places.getOrDefault(ordered.get(index).content(), nowhere));
    }

    /// Whether the file gives a token's flags.
    private static boolean isExplicit(@Nullable JsonValue place) {
        return place != null && place.node().isObject();
    }

    private void fromFiles(Map<String, AddedToken> tokens, Map<String, JsonValue> places) {
        JsonValue decoder = config == null ? null : config.find("added_tokens_decoder");
        if (decoder != null) {
            for (Map.Entry<String, JsonNode> entry : decoder.members()) {
                AddedToken token = TokenizerJson.addedToken(decoder.member(entry), id(decoder, entry.getKey()));
                tokens.put(token.content(), token);
                places.put(token.content(), decoder.member(entry));
            }
        }
        if (added != null) {
            for (Map.Entry<String, JsonNode> entry : added.members()) {
                int id = added.member(entry).integer(Vocabulary.ID_LIMIT);
                if (tokens.putIfAbsent(entry.getKey(),
                        new AddedToken(id, entry.getKey(), false, false, false, true, false)) == null) {
                    places.put(entry.getKey(), added.member(entry));
                }
            }
        }
    }

    private static int id(JsonValue decoder, String key) {
        try {
            int id = Integer.parseInt(key);
            if (id >= 0 && id < Vocabulary.ID_LIMIT) {
                return id;
            }
        } catch (NumberFormatException e) {
            // The error below tells.
        }
        throw decoder.error("has the key \"" + key + "\", which should be an id below " + Vocabulary.ID_LIMIT);
    }

    /// An error about the tokenizer's class.
    TokenizerProblem error(String problem) {
        return config != null ? config.error(problem) : new TokenizerProblem(folder + " " + problem);
    }
}
