// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import io.encoder4j.tokenizer.pipeline.WordPiece;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// Builds BERT's pipeline from the files used before `tokenizer.json`: `vocab.txt`, with one token per line, and
/// options.
final class BertFiles {
    /// The classes of transformers that are BERT's tokenizer under another name.
    private static final Set<String> CLASSES = Set.of("Bert", "DistilBert", "Electra", "MobileBert", "ConvBert",
            "LayoutLM", "Lxmert", "SqueezeBert", "Realm", "RetriBert", "DPRQuestionEncoder", "DPRContextEncoder",
            "DPRReader");

    private final Path file;
    private final @Nullable JsonValue config;
    private final Map<String, Integer> ids;

    private BertFiles(Path file, @Nullable JsonValue config) throws IOException {
        this.file = file;
        this.config = config;
        ids = lines(file);
    }

    static Pipeline read(Path words, Path folder) throws IOException {
        return new BertFiles(words, TokenizerFiles.json(folder, "tokenizer_config.json"))
                .pipeline(TokenizerFiles.json(folder, "added_tokens.json"));
    }

    private Pipeline pipeline(@Nullable JsonValue more) {
        refuseOthers();
        int unknown = special("unk_token", "[UNK]");
        int cls = special("cls_token", "[CLS]");
        int sep = special("sep_token", "[SEP]");
        special("pad_token", "[PAD]");
        WordPiece model = ModelJson.wordPiece(ids, "##", unknown, 100);
        List<AddedToken> added = addedTokens(more);
        boolean lowercase = flag("do_lower_case", true);
        return new Pipeline(new Vocabulary(ids), added,
                new Normalizer.BertNormalizer(true, flag("tokenize_chinese_chars", true),
                        flag("strip_accents", lowercase), lowercase),
                new PreTokenizer.BertPreTokenizer(), model, new PostProcessor.BertProcessing(cls, sep),
                new Decoder.WordPiece("##", flag("clean_up_tokenization_spaces", true)));
    }

    private static Map<String, Integer> lines(Path file) throws IOException {
        String text = TokenizerFiles.text(file);
        Map<String, Integer> ids = new HashMap<>();
        // Only these end a line. U+2028 and U+0085 do not: they are tokens.
        String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r\n|\n|\r", -1);
        int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        for (int line = 0; line < count; line++) {
            Integer twin = ids.put(lines[line], line);
            if (twin != null) {
                throw new TokenizerProblem(file + " has the token \"" + lines[line] + "\" on line " + (twin + 1)
                        + " and again on line " + (line + 1));
            }
        }
        return ids;
    }

    private void refuseOthers() {
        if (config == null) {
            return;
        }
        String name = config.get("tokenizer_class", JsonValue::string, "BertTokenizer");
        if (!CLASSES.contains(name.replaceFirst("Tokenizer(Fast)?$", ""))) {
            throw config.error("has tokenizer_class " + name
                    + ", for which vocab.txt is not enough; add its tokenizer.json");
        }
        if (!flag("do_basic_tokenize", true)) {
            throw config.error("has do_basic_tokenize false, which is not supported; add its tokenizer.json");
        }
    }

    private boolean flag(String key, boolean absent) {
        return config == null ? absent : config.get(key, JsonValue::bool, absent);
    }

    private int special(String key, String absent) {
        String token = name(key, absent);
        Integer id = ids.get(token);
        if (id == null) {
            throw new TokenizerProblem(file + " has no line " + token + ", the " + key + "; it has " + ids.size()
                    + " tokens. Is it the vocabulary of this checkpoint?");
        }
        return id;
    }

    private String name(String key, String absent) {
        return config == null ? absent : config.get(key,
                token -> token.node().isObject() ? token.get("content").string() : token.string(), absent);
    }

    /// The special tokens of the vocabulary, then those that the options and `added_tokens.json` add.
    private List<AddedToken> addedTokens(@Nullable JsonValue more) {
        Map<String, AddedToken> tokens = new LinkedHashMap<>();
        List<JsonValue> places = new ArrayList<>();
        JsonValue from = config == null ? new JsonValue(file, "", NullNode.instance) : config;
        for (String key : List.of("pad", "unk", "cls", "sep", "mask")) {
            String token = name(key + "_token", "[" + key.toUpperCase(Locale.ROOT) + "]");
            Integer id = ids.get(token);
            if (id != null && tokens.put(token, new AddedToken(id, token, false, false, false, false, true)) == null) {
                places.add(from);
            }
        }
        JsonValue decoder = config == null ? null : config.find("added_tokens_decoder");
        if (decoder != null) {
            for (Map.Entry<String, JsonNode> entry : decoder.members()) {
                AddedToken token = TokenizerJson.addedToken(decoder.member(entry), id(decoder, entry.getKey()));
                if (tokens.put(token.content(), token) == null) {
                    places.add(decoder.member(entry));
                }
            }
        }
        if (more != null) {
            for (Map.Entry<String, JsonNode> entry : more.members()) {
                int id = more.member(entry).integer(Vocabulary.ID_LIMIT);
                if (tokens.putIfAbsent(entry.getKey(),
                        new AddedToken(id, entry.getKey(), false, false, false, true, false)) == null) {
                    places.add(more.member(entry));
                }
            }
        }
        return TokenizerJson.join(List.copyOf(tokens.values()), ids, places::get);
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
}
