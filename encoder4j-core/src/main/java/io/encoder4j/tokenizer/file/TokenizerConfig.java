// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// The options beside a vocabulary: `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`, and the
/// model type of `config.json`. Each may be absent.
record TokenizerConfig(Path folder, @Nullable JsonValue config, @Nullable JsonValue map, @Nullable JsonValue added,
        @Nullable JsonValue model) {

    static TokenizerConfig read(Path folder) throws IOException {
        return new TokenizerConfig(folder, TokenizerFiles.json(folder, "tokenizer_config.json"),
                TokenizerFiles.json(folder, "special_tokens_map.json"), TokenizerFiles.json(folder, "added_tokens.json"),
                TokenizerFiles.json(folder, "config.json"));
    }

    /// No options, for a `tokenizer.json` by itself.
    static TokenizerConfig none(Path file) {
        return new TokenizerConfig(file, null, null, null, null);
    }

    /// The class that reads the folder in transformers.
    ///
    /// @throws TokenizerProblem naming the class, if it is not supported
    TokenizerClass tokenizerClass() {
        JsonValue name = classKey();
        JsonValue type = model == null ? null : model.find("model_type");
        TokenizerClass found = TokenizerClass.of(name == null ? null : name.string(),
                type == null || type.string().isEmpty() ? null : type.string());
        JsonValue code = config == null ? null : config.find("auto_map");
        boolean ownCode = code != null && (code.node().isArray() || code.find("AutoTokenizer") != null);
        if (found == TokenizerClass.UNSUPPORTED) {
            JsonValue place = Objects.requireNonNull(name != null ? name : type);
            throw place.error("is " + place.string() + ", whose tokenizer is not supported: it is not a tokenizer.json but "
                    + TokenizerClass.code(place.string()));
        }
        if (found == TokenizerClass.BACKEND && ownCode && name != null && !TokenizerClass.isKnown(name.string())) {
            throw name.error("is " + name.string() + ", which is code of the model's own (auto_map) and is not run;"
                    + " choose a model whose tokenizer is a tokenizer.json");
        }
        return found;
    }

    /// The value that names the class, or null.
    @Nullable JsonValue classKey() {
        JsonValue name = config == null ? null : config.find("tokenizer_class");
        return name != null || model == null ? name : model.find("tokenizer_class");
    }

    /// Whether encodings have token types: `model_input_names`, or else what the class does.
    boolean tokenTypes(TokenizerClass type) {
        JsonValue names = config == null ? null : config.find("model_input_names");
        return names == null ? type.hasTokenTypes()
                : names.elements().stream().anyMatch(name -> name.string().equals("token_type_ids"));
    }

    /// Whether `truncation_side` is left; null if the file does not say.
    @Nullable Boolean cutsLeft() {
        JsonValue side = config == null ? null : config.find("truncation_side");
        if (side == null) {
            return null;
        }
        return switch (side.string()) {
            case "left" -> true;
            case "right" -> false;
            default -> throw side.unsupported("left, right");
        };
    }

    /// Refuses options that change the tokens and are not implemented.
    void refuseUnsupported() {
        if (flag("split_special_tokens", false)) {
            throw error("has split_special_tokens true, which is not supported; set it to false");
        }
    }

    /// The number of rows of the model's embedding table, if `config.json` says it.
    int modelRows() {
        return model == null ? Integer.MAX_VALUE
                : model.get("vocab_size", size -> size.integer(Integer.MAX_VALUE), Integer.MAX_VALUE);
    }

    /// A special token by its key if a file has it. Its id is not set.
    ///
    /// @param lstrip the flag of a token of which the file has only the string
    /// @param normalized the flag of a token of which the file has only the string
    @Nullable AddedToken named(String key, boolean lstrip, boolean normalized) {
        JsonValue token = specialKey(key);
        return token == null ? null : token.isString()
                ? new AddedToken(0, token.string(), false, lstrip, false, normalized, true) : token(token);
    }

    /// As in transformers, `special_tokens_map.json` comes first if `tokenizer_config.json` has no added tokens.
    private @Nullable JsonValue specialKey(String key) {
        JsonValue inMap = map == null ? null : map.find(key);
        JsonValue inConfig = config == null ? null : config.find(key);
        boolean configFirst = config != null && config.find("added_tokens_decoder") != null;
        return configFirst ? inConfig != null ? inConfig : inMap : inMap != null ? inMap : inConfig;
    }

    /// The tokens of `added_tokens_decoder`, or null.
    @Nullable List<AddedToken> addedTokensDecoder() {
        JsonValue decoder = config == null ? null : config.find("added_tokens_decoder");
        if (decoder == null) {
            return null;
        }
        List<AddedToken> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : decoder.members()) {
            tokens.add(TokenizerJson.addedToken(decoder.member(entry), id(decoder, entry.getKey())));
        }
        return tokens;
    }

    /// The tokens of `added_tokens.json`. Those that another file names as special are special.
    List<AddedToken> addedTokensFile() {
        List<AddedToken> tokens = new ArrayList<>();
        if (added != null) {
            Set<String> specials = new HashSet<>();
            TokenizerClass.SPECIAL_KEYS.forEach(key -> specials.add(special(key, "", false).content()));
            extras(config, List.of("extra_special_tokens", "additional_special_tokens"))
                    .forEach(token -> specials.add(token.content()));
            extras(map, List.of("extra_special_tokens")).forEach(token -> specials.add(token.content()));
            for (Map.Entry<String, JsonNode> entry : added.members()) {
                boolean special = specials.contains(entry.getKey());
                tokens.add(new AddedToken(added.member(entry).integer(Vocabulary.ID_LIMIT), entry.getKey(), false, false,
                        false, !special, special));
            }
        }
        return tokens;
    }

    /// Special tokens beside the usual ones: lists of extra tokens, and keys of the model's own such as `image_token`.
    List<AddedToken> extraSpecials() {
        List<String> lists = List.of("extra_special_tokens", "additional_special_tokens");
        List<AddedToken> tokens = new ArrayList<>(extras(config, lists));
        if (config == null || config.find("added_tokens_decoder") == null) {
            tokens.addAll(extras(map, lists));
        }
        if (config != null) {
            for (Map.Entry<String, JsonNode> entry : config.members()) {
                if (entry.getKey().endsWith("_token") && entry.getValue().isString()
                        && !TokenizerClass.SPECIAL_KEYS.contains(entry.getKey())) {
                    tokens.add(token(config.member(entry)));
                }
            }
        }
        return tokens;
    }

    private static List<AddedToken> extras(@Nullable JsonValue json, List<String> keys) {
        List<AddedToken> tokens = new ArrayList<>();
        for (String key : json == null ? List.<String>of() : keys) {
            JsonValue list = json.find(key);
            if (list != null && list.node().isObject()) {
                list.members().forEach(member -> tokens.add(token(list.member(member))));
            } else if (list != null) {
                list.elements().forEach(token -> tokens.add(token(token)));
            }
        }
        return tokens;
    }

    /// The tokenizer's class in transformers, without `Tokenizer` and `Fast`, such as `XLMRoberta`. If no file names
    /// it, the model type in the same form, such as `xlmroberta`, or else the given name. Compare it without case.
    String className(String absent) {
        JsonValue name = classKey();
        if (name != null && !name.string().equals("PreTrainedTokenizerFast")) {
            return TokenizerClass.shortName(name.string());
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

    private static AddedToken token(JsonValue value) {
        return value.isString() ? new AddedToken(0, value.string(), false, false, false, false, true)
                : new AddedToken(0, value.get("content").string(), is(value, "single_word"), is(value, "lstrip"),
                        is(value, "rstrip"), is(value, "normalized"), true);
    }

    /// A special token by its key, such as `mask_token`. Its id is not set.
    AddedToken special(String key, String absent, boolean lstrip) {
        JsonValue token = specialKey(key);
        if (token != null && token.node().isObject()) {
            return new AddedToken(0, token.get("content").string(), is(token, "single_word"), is(token, "lstrip"),
                    is(token, "rstrip"), false, true);
        }
        return new AddedToken(0, token == null ? absent : token.string(), false, lstrip, false, false, true);
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
