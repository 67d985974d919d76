// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the components of {@code tokenizer.json} other than the model, each by the name of its type. */
final class Components {
    private Components() {}

    static Normalizer normalizer(JsonValue json) {
        return switch (type(json)) {
            case "BertNormalizer" -> bertNormalizer(json);
            case "Lowercase" -> plain(json, new Normalizer.Lowercase());
            case "NFD" -> plain(json, new Normalizer.Nfd());
            case "StripAccents" -> plain(json, new Normalizer.StripAccents());
            case "Strip" -> {
                json.expectOnly("type", "strip_left", "strip_right");
                yield new Normalizer.Strip(json.get("strip_left", JsonValue::bool, true),
                        json.get("strip_right", JsonValue::bool, true));
            }
            case "Replace" -> replace(json);
            case "Sequence" -> new Normalizer.Sequence(sequence(json, "normalizers", Components::normalizer));
            default -> throw unsupported(json,
                    "BertNormalizer, Lowercase, NFD, Replace, Sequence, Strip, StripAccents");
        };
    }

    private static Normalizer bertNormalizer(JsonValue json) {
        json.expectOnly("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        boolean lowercase = json.get("lowercase", JsonValue::bool, true);
        return new Normalizer.BertNormalizer(json.get("clean_text", JsonValue::bool, true),
                json.get("handle_chinese_chars", JsonValue::bool, true),
                json.get("strip_accents", JsonValue::bool, lowercase), lowercase);
    }

    private static Normalizer replace(JsonValue json) {
        json.expectOnly("type", "pattern", "content");
        JsonValue pattern = json.get("pattern");
        if (pattern.find("Regex") != null) {
            throw pattern.error("is a regular expression, which is not supported yet; supported: {\"String\": …}");
        }
        pattern.expectOnly("String");
        String string = pattern.get("String").string();
        if (string.isEmpty()) {
            throw pattern.error("is empty");
        }
        return new Normalizer.Replace(string, json.get("content").string());
    }

    static PreTokenizer preTokenizer(JsonValue json) {
        return switch (type(json)) {
            case "BertPreTokenizer" -> plain(json, new PreTokenizer.BertPreTokenizer());
            case "Whitespace" -> plain(json, new PreTokenizer.Whitespace());
            case "WhitespaceSplit" -> plain(json, new PreTokenizer.WhitespaceSplit());
            case "Punctuation" -> {
                json.expectOnly("type", "behavior");
                String behavior = json.get("behavior", JsonValue::string, "Isolated");
                if (!behavior.equals("Isolated")) {
                    throw json.error("has behavior " + behavior + ", which is not supported yet; supported: Isolated");
                }
                yield new PreTokenizer.Punctuation();
            }
            case "Sequence" -> new PreTokenizer.Sequence(sequence(json, "pretokenizers", Components::preTokenizer));
            default -> throw unsupported(json, "BertPreTokenizer, Punctuation, Sequence, Whitespace, WhitespaceSplit");
        };
    }

    static PostProcessor postProcessor(JsonValue json, Vocabulary vocabulary) {
        return switch (type(json)) {
            case "TemplateProcessing" -> {
                json.expectOnly("type", "single", "pair", "special_tokens");
                yield new PostProcessor.TemplateProcessing(template(json, json.get("single"), vocabulary, false),
                        template(json, json.get("pair"), vocabulary, true));
            }
            case "BertProcessing" -> {
                json.expectOnly("type", "sep", "cls");
                yield new PostProcessor.BertProcessing(tokenAndId(json.get("cls"), vocabulary),
                        tokenAndId(json.get("sep"), vocabulary));
            }
            default -> throw unsupported(json, "BertProcessing, TemplateProcessing");
        };
    }

    private static List<PostProcessor.Piece> template(JsonValue json, JsonValue template, Vocabulary vocabulary,
            boolean pair) {
        List<PostProcessor.Piece> pieces = new ArrayList<>();
        boolean[] used = new boolean[2];
        for (JsonValue piece : template.elements()) {
            piece.expectOnly("Sequence", "SpecialToken");
            JsonValue sequence = piece.find("Sequence");
            if (sequence == null) {
                JsonValue special = piece.get("SpecialToken");
                pieces.add(new PostProcessor.Piece.Special(specialIds(json, special, vocabulary), typeId(special)));
            } else {
                int index = sequenceIndex(sequence.get("id"), pair);
                used[index] = true;
                pieces.add(new PostProcessor.Piece.Sequence(index, typeId(sequence)));
            }
        }
        if (!used[0] || pair && !used[1]) {
            throw template.error("leaves out the " + (used[0] ? "second text, B" : "first text, A"));
        }
        return List.copyOf(pieces);
    }

    private static int sequenceIndex(JsonValue id, boolean pair) {
        String name = id.string();
        if (name.equals("A")) {
            return 0;
        }
        if (name.equals("B") && pair) {
            return 1;
        }
        throw id.error("is " + id.node() + "; it may be " + (pair ? "A or B" : "A"));
    }

    private static int typeId(JsonValue piece) {
        return piece.get("type_id").integer(Vocabulary.ID_LIMIT);
    }

    private static int[] specialIds(JsonValue json, JsonValue special, Vocabulary vocabulary) {
        JsonValue token = json.get("special_tokens").get(special.get("id").string());
        List<JsonValue> tokens = token.get("tokens").elements();
        List<JsonValue> ids = token.get("ids").elements();
        if (tokens.size() != ids.size()) {
            throw token.error("has " + ids.size() + " ids and " + tokens.size() + " tokens");
        }
        int[] found = new int[ids.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = checked(ids.get(i), tokens.get(i).string(), vocabulary);
        }
        return found;
    }

    private static int tokenAndId(JsonValue pair, Vocabulary vocabulary) {
        List<JsonValue> elements = pair.elements();
        if (elements.size() != 2) {
            throw pair.error("should be a token and its id");
        }
        return checked(elements.get(1), elements.get(0).string(), vocabulary);
    }

    private static int checked(JsonValue json, String token, Vocabulary vocabulary) {
        int id = json.integer(Vocabulary.ID_LIMIT);
        if (!token.equals(vocabulary.token(id))) {
            throw json.error("says that \"" + token + "\" has id " + id + "; the vocabulary says "
                    + (vocabulary.id(token) == null ? "there is no such token" : "it has " + vocabulary.id(token)));
        }
        return id;
    }

    static Decoder decoder(JsonValue json) {
        if (!type(json).equals("WordPiece")) {
            throw unsupported(json, "WordPiece");
        }
        json.expectOnly("type", "prefix", "cleanup");
        return new Decoder.WordPiece(json.get("prefix", JsonValue::string, "##"),
                json.get("cleanup", JsonValue::bool, true));
    }

    private static <T> List<T> sequence(JsonValue json, String key, Function<JsonValue, T> read) {
        json.expectOnly("type", key);
        return json.get(key).elements().stream().map(read).toList();
    }

    private static String type(JsonValue json) {
        return json.get("type").string();
    }

    private static <T> T plain(JsonValue json, T component) {
        json.expectOnly("type");
        return component;
    }

    private static TokenizerException unsupported(JsonValue json, String supported) {
        return json.error("has type " + type(json) + ", which is not supported yet; supported: " + supported);
    }
}
