// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.Bpe;
import io.encoder4j.tokenizer.pipeline.BpeOptions;
import io.encoder4j.tokenizer.pipeline.MergeTable;
import io.encoder4j.tokenizer.pipeline.Model;
import io.encoder4j.tokenizer.pipeline.Trie;
import io.encoder4j.tokenizer.pipeline.Unigram;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.pipeline.WordLevel;
import io.encoder4j.tokenizer.pipeline.WordPiece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the model of a `tokenizer.json`, by the name of its type.
///
/// @param model the model
/// @param ids its vocabulary, to which added tokens are added later
/// @param tokens its tokens by id if a token has several ids, or empty
record ModelJson(Model model, Map<String, Integer> ids, List<String> tokens) {
    private static final int MAX_MERGES = 50_000_000;
    /// How often WordPiece may read a char of a word again.
    private static final int MAX_READ_AGAIN = 1_000;

    static ModelJson read(JsonValue model) {
        try {
            return switch (type(model)) {
                case "WordPiece" -> wordPiece(model);
                case "WordLevel" -> wordLevel(model);
                case "BPE" -> bpe(model, options(model));
                case "Unigram" -> unigram(model);
                default -> throw ComponentJson.unsupported(model, "BPE, Unigram, WordLevel, WordPiece");
            };
        } catch (IllegalStateException e) {
            throw model.error("cannot be held: " + e.getMessage());
        }
    }

    /// Reads the vocabulary of a model, and takes all else from a tokenizer class of transformers.
    static ModelJson read(JsonValue model, TokenizerClass type, TokenizerConfig config) {
        return switch (type) {
            case BERT, DISTILBERT, MPNET -> {
                Map<String, Integer> ids = model.get("vocab").vocabulary();
                String unknown = config.special("unk_token", String.valueOf(type.special("unk_token")), false).content();
                yield new ModelJson(wordPiece(ids, "##", known(model, "unk_token", unknown, ids), 100), ids, List.of());
            }
            case ROBERTA, DEBERTA -> bpe(model, new BpeOptions(-1, false, false, false, "", ""));
            default -> read(model);
        };
    }

    /// Files written in 2020 and before have no type.
    static String type(JsonValue model) {
        return model.get("type", JsonValue::string, model.find("merges") != null ? "BPE"
                : model.find("unk_id") != null ? "Unigram" : "WordPiece");
    }

    private static ModelJson wordPiece(JsonValue model) {
        model.expectOnly("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        Map<String, Integer> ids = model.get("vocab").vocabulary();
        int unknown = known(model, "unk_token", model.get("unk_token", JsonValue::string, "[UNK]"), ids);
        int maxChars = model.get("max_input_chars_per_word", max -> max.integer(Integer.MAX_VALUE), 100);
        WordPiece wordPiece = wordPiece(ids, model.get("continuing_subword_prefix", JsonValue::string, "##"), unknown, maxChars);
        int longest = wordPiece.tokens().longest();
        if (Math.min(maxChars, longest) > MAX_READ_AGAIN) {
            throw model.error("has max_input_chars_per_word " + maxChars + " and a token of " + longest + " chars; one of them must be"
                    + " at most " + MAX_READ_AGAIN + ", or words would cost quadratic time");
        }
        return new ModelJson(wordPiece, ids, List.of());
    }

    static WordPiece wordPiece(Map<String, Integer> ids, String prefix, int unknownId, int maxInputCharsPerWord) {
        Trie trie = new Trie();
        ids.forEach(trie::add);
        return new WordPiece(trie, trie.find(prefix), unknownId, maxInputCharsPerWord);
    }

    private static ModelJson wordLevel(JsonValue model) {
        model.expectOnly("type", "unk_token", "vocab");
        Map<String, Integer> ids = model.get("vocab").vocabulary();
        Trie trie = new Trie();
        ids.forEach(trie::add);
        int unknown = ids.getOrDefault(model.get("unk_token", JsonValue::string, "<unk>"), -1);
        return new ModelJson(new WordLevel(trie, unknown), ids, List.of());
    }

    private static BpeOptions options(JsonValue model) {
        model.expectOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
                "byte_fallback", "ignore_merges", "vocab", "merges");
        JsonValue dropout = model.find("dropout");
        if (dropout != null && dropout.node().doubleValue(-1) != 0) {
            throw dropout.error("is " + dropout.node() + "; dropping merges at random is for training, set it to null");
        }
        JsonValue unknown = model.find("unk_token");
        return new BpeOptions(
                unknown == null ? -1 : known(model, "unk_token", unknown.string(), model.get("vocab").vocabulary()),
                model.get("fuse_unk", JsonValue::bool, false), model.get("byte_fallback", JsonValue::bool, false),
                model.get("ignore_merges", JsonValue::bool, false),
                model.get("continuing_subword_prefix", JsonValue::string, ""),
                model.get("end_of_word_suffix", JsonValue::string, ""));
    }

    private static ModelJson bpe(JsonValue model, BpeOptions options) {
        Map<String, Integer> ids = model.get("vocab").vocabulary();
        return new ModelJson(new Bpe(ids, merges(model.get("merges"), ids, options.continuingPrefix()), options), ids,
                List.of());
    }

    private static MergeTable merges(JsonValue json, Map<String, Integer> ids, String prefix) {
        int count = json.node().size();
        if (!json.node().isArray() || count > MAX_MERGES) {
            throw json.error("should be an array of at most " + MAX_MERGES + " merges");
        }
        MergeTable merges = new MergeTable(count);
        for (int rank = 0; rank < count; rank++) {
            JsonNode merge = json.node().get(rank);
            String problem = addMerge(merges, merge, rank, ids, prefix);
            if (problem != null) {
                throw new JsonValue(json.file(), json.path() + "[" + rank + "]", merge).error(problem);
            }
        }
        return merges;
    }

    /// Accepts both forms, `["a", "b"]` and, before 2024, `"a b"`. Returns what is wrong, or null.
    private static @Nullable String addMerge(MergeTable merges, JsonNode merge, int rank,
            Map<String, Integer> ids, String prefix) {
        String[] pair = merge.isString() ? merge.stringValue().split(" ", -1)
                : merge.isArray() ? merge.valueStream().map(part -> part.stringValue("")).toArray(String[]::new)
                : new String[0];
        if (pair.length != 2) {
            return "should be two tokens, not " + merge;
        }
        return addMerge(merges, pair[0], pair[1], rank, ids, prefix);
    }

    /// Adds a merge, or returns what is wrong with it.
    static @Nullable String addMerge(MergeTable merges, String left, String right, int rank,
            Map<String, Integer> ids, String prefix) {
        String rest = right.startsWith(prefix) ? right.substring(prefix.length()) : withoutBytes(right, prefix);
        if (rest == null) {
            return "joins \"" + right + "\", which does not start with the continuing_subword_prefix \"" + prefix + "\"";
        }
        String merged = left + rest;
        Integer leftId = ids.get(left);
        Integer rightId = ids.get(right);
        Integer mergedId = ids.get(merged);
        if (leftId == null || rightId == null || mergedId == null) {
            return "has \"" + (leftId == null ? left : rightId == null ? right : merged)
                    + "\", which is not in the vocab of " + ids.size() + " tokens";
        }
        merges.put(leftId, rightId, rank, mergedId);
        return null;
    }

    /// As in the reference, a token without the prefix still loses as many bytes. Returns null if it cannot.
    private static @Nullable String withoutBytes(String token, String prefix) {
        byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        int length = prefix.getBytes(StandardCharsets.UTF_8).length;
        if (length > bytes.length || length < bytes.length && (bytes[length] & 0xC0) == 0x80) {
            return null;
        }
        return new String(bytes, length, bytes.length - length, StandardCharsets.UTF_8);
    }

    private static ModelJson unigram(JsonValue model) {
        model.expectOnly("type", "unk_id", "vocab", "byte_fallback");
        JsonValue vocab = model.get("vocab");
        int size = vocab.elements().size();
        if (size == 0 || size > Vocabulary.ID_LIMIT) {
            throw vocab.error("has " + size + " pieces; supported: 1 to " + Vocabulary.ID_LIMIT);
        }
        List<String> tokens = new ArrayList<>(size);
        double[] scores = new double[size];
        for (JsonValue piece : vocab.elements()) {
            List<JsonValue> pair = piece.elements();
            if (pair.size() != 2 || !pair.get(1).node().isNumber()) {
                throw piece.error("should be a piece and its score, not " + piece.node());
            }
            scores[tokens.size()] = pair.get(1).node().doubleValue();
            tokens.add(pair.get(0).string());
        }
        JsonValue unknown = model.find("unk_id");
        if (unknown == null) {
            throw model.error("has no unk_id, without which characters outside its vocab cannot be encoded");
        }
        return unigram(tokens, scores, unknown.integer(size), model.get("byte_fallback", JsonValue::bool, false));
    }

    static ModelJson unigram(List<String> tokens, double[] scores, int unknownId, boolean byteFallback) {
        Map<String, Integer> ids = new HashMap<>();
        Trie trie = new Trie();
        for (int id = 0; id < tokens.size(); id++) {
            // If a piece occurs twice, the last one counts.
            ids.put(tokens.get(id), id);
            trie.add(tokens.get(id), id);
        }
        return new ModelJson(new Unigram(trie, scores, unknownId, byteFallback), ids, tokens);
    }

    private static int known(JsonValue model, String key, String token, Map<String, Integer> ids) {
        Integer id = ids.get(token);
        if (id == null) {
            throw model.error("has " + key + " \"" + token + "\", which is not in its vocab of " + ids.size()
                    + " tokens");
        }
        return id;
    }
}
