// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.file;

import io.encoder4j.tokenizer.pipeline.AddedToken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The added tokens of a folder, as `from_pretrained` of transformers 5 collects them: those that the files list, then
/// special tokens that only have a name. As there, a token that the vocabulary lacks gets the next free id, whatever id a
/// file gives it.
final class FolderTokens {
    private final TokenizerConfig config;
    private final Map<String, Integer> ids;
    /// The number of tokens of the model.
    private final int modelSize;
    private final Map<String, AddedToken> tokens = new LinkedHashMap<>();

    private FolderTokens(TokenizerConfig config, Map<String, Integer> ids, int modelSize) {
        this.config = config;
        this.ids = ids;
        this.modelSize = modelSize;
    }

    /// Collects the tokens and adds them to the vocabulary.
    ///
    /// @param fromFile the added tokens of `tokenizer.json`
    /// @param ids the vocabulary
    /// @param modelSize the number of tokens of the model
    static List<AddedToken> collect(TokenizerClass type, TokenizerConfig config, List<AddedToken> fromFile,
            Map<String, Integer> ids, int modelSize) {
        if (type == TokenizerClass.NONE) {
            return fromFile;
        }
        FolderTokens all = new FolderTokens(config, ids, modelSize);
        if (type == TokenizerClass.BACKEND || type == TokenizerClass.DEBERTA_V2) {
            fromFile.forEach(token -> all.tokens.put(token.content(), token));
        }
        all.listed(fromFile).stream().sorted(Comparator.comparingInt(AddedToken::id)).forEach(all::add);
        for (String key : TokenizerClass.SPECIAL_KEYS) {
            String absent = type.special(key);
            boolean lstrip = key.equals("mask_token") && (type == TokenizerClass.MPNET || type == TokenizerClass.CAMEMBERT);
            AddedToken named = config.named(key, lstrip, type == TokenizerClass.MPNET);
            if (named != null) {
                all.addNamed(named);
            } else if (absent != null && ids.containsKey(absent)) {
                all.addNamed(new AddedToken(0, absent, false, lstrip, false, type == TokenizerClass.MPNET, true));
            }
        }
        config.extraSpecials().forEach(all::addNamed);
        return List.copyOf(all.tokens.values());
    }

    /// The tokens that the files list with their ids. Those of `tokenizer_config.json` replace all others.
    private Collection<AddedToken> listed(List<AddedToken> fromFile) {
        List<AddedToken> ofConfig = config.addedTokensDecoder();
        if (ofConfig != null) {
            return ofConfig;
        }
        Map<Integer, AddedToken> byId = new HashMap<>();
        config.addedTokensFile().forEach(token -> byId.put(token.id(), token));
        fromFile.forEach(token -> byId.put(token.id(), token));
        return byId.values();
    }

    /// Adds a token, or changes the flags of one that is there.
    private void add(AddedToken token) {
        if (!token.content().isEmpty()) {
            AddedToken known = tokens.get(token.content());
            Integer id = known == null ? ids.get(token.content()) : Integer.valueOf(known.id());
            tokens.put(token.content(), withId(token, id == null ? next() : id));
            ids.putIfAbsent(token.content(), id == null ? tokens.get(token.content()).id() : id);
        }
    }

    /// Adds a special token that only has a name, unless it is there. One for which the model has no row is left out.
    private void addNamed(AddedToken token) {
        if (!tokens.containsKey(token.content()) && (ids.containsKey(token.content()) || next() < config.modelRows())) {
            add(token);
        }
    }

    private int next() {
        int last = tokens.values().stream().mapToInt(AddedToken::id).max().orElse(-1);
        return last >= modelSize || last >= 0 && modelSize == 0 ? last + 1 : modelSize;
    }

    private static AddedToken withId(AddedToken token, int id) {
        return new AddedToken(id, token.content(), token.singleWord(), token.lstrip(), token.rstrip(), token.normalized(),
                token.special());
    }
}
