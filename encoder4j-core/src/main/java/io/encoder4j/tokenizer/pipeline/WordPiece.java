// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;

/// Greedy longest-match-first (Schuster and Nakajima, 2012): the longest token that the word starts with, then the
/// longest that the rest starts with, and so on. A word that cannot be split this way, or is too long, becomes one
/// unknown token.
///
/// @param tokens every token, with its id as value
/// @param continuation the node of the prefix that marks a token inside a word, or -1 if no token starts with it
/// @param unknownId the id of the unknown token
/// @param maxInputCharsPerWord the number of code points of the longest word that is split
public record WordPiece(Trie tokens, int continuation, int unknownId, int maxInputCharsPerWord) implements Model {
    @Override
    public void tokenize(NormalizedText text, int from, int to, TokenBuffer out) {
        char[] chars = text.chars();
        int before = out.size();
        int start = tooLong(chars, from, to) ? -1 : from;
        while (start >= 0 && start < to) {
            int node = start == from ? Trie.ROOT : continuation;
            int id = -1;
            int end = start;
            for (int i = start; i < to && node >= 0; i++) {
                node = tokens.step(node, chars[i]);
                if (node == Trie.NONE) {
                    break;
                }
                if (tokens.value(node) >= 0) {
                    id = tokens.value(node);
                    end = i + 1;
                }
            }
            if (id >= 0 && start == from) {
                out.addWord(id, text.originalStart(start), text.originalEnd(end - 1));
            } else if (id >= 0) {
                out.addContinuation(id, text.originalStart(start), text.originalEnd(end - 1));
            }
            start = id < 0 ? -1 : end;
        }
        if (start < 0) {
            out.cut(before);
            out.addWord(unknownId, text.originalStart(from), text.originalEnd(to - 1));
        }
    }

    private boolean tooLong(char[] chars, int from, int to) {
        return to - from > maxInputCharsPerWord
                && Character.codePointCount(chars, from, to - from) > maxInputCharsPerWord;
    }
}
