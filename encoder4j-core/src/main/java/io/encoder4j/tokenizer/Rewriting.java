// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.function.IntPredicate;

/// How pre-tokenizers rewrite a text piece by piece: each method changes the text and returns the pieces of the new one.
final class Rewriting {
    private Rewriting() {}

    /// Puts a string before pieces that do not begin with it; it stands for what their first char stands for.
    ///
    /// @param wanted asked of a piece's start
    static Pieces prefixed(NormalizedText text, Pieces pieces, String prefix, IntPredicate wanted) {
        NormalizedText longer = NormalizedText.empty(text.length() + prefix.length() * pieces.size());
        Pieces moved = new Pieces(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            int from = pieces.from(i);
            int to = pieces.to(i);
            int start = longer.length();
            if (!text.startsWith(prefix, from, to) && wanted.test(from)) {
                for (int unit = 0; unit < prefix.length(); unit++) {
                    longer.appendUnit(prefix.charAt(unit), text.originalStart(from), text.originalEnd(from));
                }
            }
            longer.appendAll(text, from, to);
            moved.add(start, longer.length());
        }
        text.become(longer);
        return moved;
    }

    /// Replaces a char.
    static Pieces replaced(NormalizedText text, Pieces pieces, char old, String replacement) {
        char[] chars = text.chars();
        if (replacement.length() == 1) {
            char unit = replacement.charAt(0);
            for (int i = 0; i < pieces.size(); i++) {
                for (int at = pieces.from(i); at < pieces.to(i); at++) {
                    chars[at] = chars[at] == old ? unit : chars[at];
                }
            }
            return pieces;
        }
        NormalizedText longer = text.emptyLike();
        Pieces moved = new Pieces(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            int start = longer.length();
            for (int at = pieces.from(i); at < pieces.to(i); at++) {
                for (int unit = 0; unit < (chars[at] == old ? replacement.length() : 1); unit++) {
                    longer.appendUnit(chars[at] == old ? replacement.charAt(unit) : chars[at], text.originalStart(at),
                            text.originalEnd(at));
                }
            }
            moved.add(start, longer.length());
        }
        text.become(longer);
        return moved;
    }

    /// Makes a character of each byte.
    static Pieces bytes(NormalizedText text, Pieces pieces) {
        NormalizedText bytes = NormalizedText.empty(text.length() + text.length() / 8 + 16);
        Pieces moved = new Pieces(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            int start = bytes.length();
            ByteChars.appendAll(bytes, text, pieces.from(i), pieces.to(i));
            moved.add(start, bytes.length());
        }
        text.become(bytes);
        return moved;
    }
}
