// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Every token of model and added tokens, both ways. Ids may have gaps. */
final class Vocabulary {
    /** Far above any vocabulary there is, and low enough that a hostile id cannot ask for gigabytes. */
    static final int ID_LIMIT = 10_000_000;

    private final Map<String, Integer> ids;
    private final @Nullable String[] tokens;

    /** Ids must be distinct, from 0 to {@link #ID_LIMIT}. */
    Vocabulary(Map<String, Integer> ids) {
        this.ids = new HashMap<>(ids);
        tokens = new String[1 + ids.values().stream().mapToInt(id -> id).max().orElse(-1)];
        ids.forEach((token, id) -> tokens[id] = token);
    }

    /** One more than the largest id. */
    int size() {
        return tokens.length;
    }

    @Nullable Integer id(String token) {
        return ids.get(token);
    }

    @Nullable String token(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : null;
    }

    /** The tokens of ids that all exist, without looking them up before they are asked for. */
    List<String> tokens(int[] tokenIds) {
        return new TokenList(this, tokenIds);
    }

    private static final class TokenList extends AbstractList<String> implements RandomAccess {
        private final Vocabulary vocabulary;
        private final int[] ids;

        TokenList(Vocabulary vocabulary, int[] ids) {
            this.vocabulary = vocabulary;
            this.ids = ids;
        }

        @Override
        public String get(int index) {
            return Objects.requireNonNull(vocabulary.token(ids[index]));
        }

        @Override
        public int size() {
            return ids.length;
        }
    }
}
