// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.AddedToken;
import io.encoder4j.tokenizer.pipeline.Decoder;
import io.encoder4j.tokenizer.pipeline.Normalizer;
import io.encoder4j.tokenizer.pipeline.Pipeline;
import io.encoder4j.tokenizer.pipeline.PostProcessor;
import io.encoder4j.tokenizer.pipeline.PreTokenizer;
import io.encoder4j.tokenizer.pipeline.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads `tokenizer.json`, the format of Hugging Face `tokenizers`, version 1.0.
final class TokenizerJson {
    private TokenizerJson() {}

    /// Reads a file by itself.
    static TokenizerFiles read(Path file) throws IOException {
        return read(file, TokenizerConfig.none(file));
    }

    /// Reads a file with the options beside it.
    static TokenizerFiles read(Path file, TokenizerConfig config) throws IOException {
        JsonValue root = JsonValue.read(file, "model.vocab");
        root.expectOnly("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
                "post_processor", "decoder", "model");
        String version = root.get("version", JsonValue::string, "1.0");
        if (!version.equals("1.0")) {
            throw root.error("has version " + version + "; supported: 1.0");
        }
        TokenizerClass type = config.tokenizerClass();
        boolean built = type.buildsFrom(ModelJson.type(root.get("model")));
        TokenizerClass stages = built || type == TokenizerClass.DEBERTA_V2 || type == TokenizerClass.NONE ? type
                : TokenizerClass.BACKEND;
        ModelJson model = built ? ModelJson.read(root.get("model"), type, config) : ModelJson.read(root.get("model"));
        Map<String, Integer> ids = model.ids();
        int modelSize = Math.max(ids.size(), model.tokens().size());
        List<AddedToken> added = FolderTokens.collect(stages, config,
                root.get("added_tokens", all -> addedTokens(all, built ? new HashMap<>(ids) : ids), List.of()), ids, modelSize);
        Vocabulary vocabulary = new Vocabulary(ids, model.tokens());
        Pipeline pipeline = new ClassStages(stages, config, vocabulary).pipeline(new Pipeline(vocabulary, added,
                root.get("normalizer", NormalizerJson::read, new Normalizer.Sequence(List.of())),
                root.get("pre_tokenizer", PreTokenizerJson::read, new PreTokenizer.Sequence(List.of())),
                model.model(),
                root.get("post_processor", post -> PostProcessorJson.postProcessor(post, vocabulary),
                        new PostProcessor.ByteLevel(null)),
                root.get("decoder", DecoderJson::decoder, new Decoder.Spaces())),
                root.find("post_processor") != null);
        return TokenizerFiles.of(pipeline, root.find("truncation"), root.find("padding"), type, config);
    }

    private static List<AddedToken> addedTokens(JsonValue all, Map<String, Integer> ids) {
        List<JsonValue> elements = all.elements();
        List<AddedToken> tokens = new ArrayList<>();
        for (JsonValue element : elements) {
            tokens.add(addedToken(element, element.get("id").integer(Vocabulary.ID_LIMIT)));
        }
        return join(tokens, ids, index -> elements.get(index));
    }

    static AddedToken addedToken(JsonValue token, int id) {
        token.expectOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
        String content = token.get("content").string();
        if (content.length() > AddedToken.MAX_LENGTH) {
            throw token.error("has a content of " + content.length() + " chars, more than " + AddedToken.MAX_LENGTH);
        }
        boolean special = token.get("special", JsonValue::bool, false);
        return new AddedToken(id, content, token.get("single_word", JsonValue::bool, false),
                token.get("lstrip", JsonValue::bool, false), token.get("rstrip", JsonValue::bool, false),
                token.get("normalized", JsonValue::bool, !special), special);
    }

    /// Where an added token is in its file.
    interface Place {
        JsonValue of(int index);
    }

    /// Adds tokens to a vocabulary. They must not contradict it or each other; empty ones are skipped.
    static List<AddedToken> join(List<AddedToken> tokens, Map<String, Integer> ids, Place place) {
        Set<Integer> addedIds = tokens.stream().map(AddedToken::id).collect(Collectors.toSet());
        Map<Integer, String> contents = new HashMap<>();
        ids.forEach((token, id) -> {
            if (addedIds.contains(id)) {
                contents.put(id, token);
            }
        });
        Map<String, AddedToken> joined = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            AddedToken token = tokens.get(i);
            if (token.content().isEmpty()) {
                continue;
            }
            Integer known = ids.putIfAbsent(token.content(), token.id());
            String holder = contents.putIfAbsent(token.id(), token.content());
            if (known != null && known != token.id()) {
                throw place.of(i).error("gives \"" + token.content() + "\" the id " + token.id() + ", but it has "
                        + known + " already");
            }
            if (holder != null && !holder.equals(token.content())) {
                throw place.of(i)
                        .error("gives \"" + token.content() + "\" the id " + token.id() + " of \"" + holder + "\"");
            }
            joined.put(token.content(), token);
        }
        return List.copyOf(joined.values());
    }
}
