// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Finds added tokens: from left to right, the longest at each place. The time does not depend on their number.
public final class AddedTokens {
    private final List<AddedToken> tokens;
    private final Trie trie = new Trie();
    private final BitSet firstChars = new BitSet();

    private AddedTokens(Map<String, AddedToken> patterns) {
        tokens = new ArrayList<>(patterns.values());
        int index = 0;
        for (String pattern : patterns.keySet()) {
            trie.add(pattern, index++);
            firstChars.set(pattern.charAt(0));
        }
    }

    /// @param pattern the string to search for a token; a token with an empty pattern is never found
    public static AddedTokens of(List<AddedToken> tokens, Function<AddedToken, String> pattern) {
        Map<String, AddedToken> patterns = new LinkedHashMap<>();
        for (AddedToken token : tokens) {
            String sought = pattern.apply(token);
            if (!sought.isEmpty()) {
                // If two tokens are the same after normalization, the first counts.
                patterns.putIfAbsent(sought, token);
            }
        }
        return new AddedTokens(patterns);
    }

    /// Receives the pieces of a text, none empty; `id` is -1 for the text between tokens.
    public interface Sink {
        void piece(int from, int to, int id);
    }

    /// Splits the first `length` chars into added tokens and the text between them. As in the reference, a token that
    /// starts with white space may overlap a token before it that includes this white space.
    public void split(char[] chars, int length, Sink sink) {
        int plain = 0;
        int spacesEnd = 0;
        for (int i = 0; i < length;) {
            long match = firstChars.get(chars[i]) ? longest(chars, i, length) : -1;
            if (match < 0) {
                i++;
                continue;
            }
            AddedToken token = tokens.get((int) match);
            int start = i;
            int end = (int) (match >>> 32);
            i = end;
            if (token.singleWord() && touchesWord(chars, start, end, length)) {
                continue;
            }
            if (token.lstrip()) {
                start = Math.max(plain, spacesStart(chars, start, plain));
            }
            if (token.rstrip()) {
                // A run of spaces is read once, even if it holds many tokens.
                spacesEnd = spacesEnd(chars, Math.max(end, spacesEnd), length);
                end = spacesEnd;
            }
            if (plain < start) {
                sink.piece(plain, start, -1);
            }
            if (start < end) {
                sink.piece(start, end, token.id());
                plain = end;
            }
        }
        if (plain < length) {
            sink.piece(plain, length, -1);
        }
    }

    private static int spacesEnd(char[] chars, int start, int length) {
        int end = start;
        while (end < length && isSpace(chars[end])) {
            end++;
        }
        return end;
    }

    private static int spacesStart(char[] chars, int end, int limit) {
        int start = end;
        while (start > limit && isSpace(chars[start - 1])) {
            start--;
        }
        return start;
    }

    /// The end of the longest token that starts here, times 2³², plus its index; or -1.
    private long longest(char[] chars, int start, int length) {
        long found = -1;
        int node = Trie.ROOT;
        for (int i = start; i < length; i++) {
            node = trie.step(node, chars[i]);
            if (node == Trie.NONE) {
                break;
            }
            if (trie.value(node) >= 0) {
                found = (long) (i + 1) << 32 | trie.value(node);
            }
        }
        return found;
    }

    private static boolean touchesWord(char[] chars, int start, int end, int length) {
        return start > 0 && CodePoints.isWord(Character.codePointBefore(chars, start))
                || end < length && CodePoints.isWord(Character.codePointAt(chars, end, length));
    }

    private static boolean isSpace(char c) {
        return (CodePoints.flags(c) & CodePoints.SPACE) != 0;
    }
}
