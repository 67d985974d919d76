// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;

/// Each word is one token, or unknown.
///
/// @param tokens every token, with its id as value
/// @param unknownId the id of the unknown token, or -1 if there is none and unknown words are dropped
public record WordLevel(Trie tokens, int unknownId) implements Model {
    @Override
    public void tokenize(NormalizedText text, int from, int to, TokenBuffer out) {
        int known = tokens.find(text.chars(), from, to);
        int id = known >= 0 ? known : unknownId;
        if (id >= 0) {
            out.addWord(id, text.originalStart(from), text.originalEnd(to - 1));
        }
    }
}
