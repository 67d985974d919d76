// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// The tokens of the model and the added tokens: ids by token and tokens by id. Ids may have gaps.
public final class Vocabulary {
    /// Larger than any real vocabulary, and small enough that a hostile id cannot ask for gigabytes.
    public static final int ID_LIMIT = 10_000_000;

    private final Map<String, Integer> ids;
    private final @Nullable String[] tokens;

    /// Ids must be distinct, from 0 to [#ID_LIMIT]. The vocabulary keeps the map.
    public Vocabulary(Map<String, Integer> ids) {
        this.ids = ids;
        tokens = new String[1 + ids.values().stream().mapToInt(id -> id).max().orElse(-1)];
        ids.forEach((token, id) -> tokens[id] = token);
    }

    /// A vocabulary in which a token may have several ids: `byId` has its tokens by id.
    public Vocabulary(Map<String, Integer> ids, List<String> byId) {
        this(ids);
        for (int id = 0; id < byId.size(); id++) {
            tokens[id] = tokens[id] == null ? byId.get(id) : tokens[id];
        }
    }

    /// One more than the largest id.
    public int size() {
        return tokens.length;
    }

    public @Nullable Integer id(String token) {
        return ids.get(token);
    }

    public @Nullable String token(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : null;
    }

    /// The tokens of ids, which must all exist. They are looked up when they are read.
    ///
    /// @param texts strings that differ from the vocabulary's; null where they do not, or if none does
    public List<String> tokens(int[] tokenIds, @Nullable String @Nullable [] texts) {
        return new TokenList(this, tokenIds, texts);
    }

    private static final class TokenList extends AbstractList<String> implements RandomAccess {
        private final Vocabulary vocabulary;
        private final int[] ids;
        private final @Nullable String @Nullable [] texts;

        TokenList(Vocabulary vocabulary, int[] ids, @Nullable String @Nullable [] texts) {
            this.vocabulary = vocabulary;
            this.ids = ids;
            this.texts = texts;
        }

        @Override
        public String get(int index) {
            String text = texts == null ? null : texts[index];
            return text != null ? text : Objects.requireNonNull(vocabulary.token(ids[index]));
        }

        @Override
        public int size() {
            return ids.length;
        }
    }
}
