// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.ByteChars;
import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.text.Spans;
import java.util.function.IntPredicate;

/// Rewrites a text piece by piece, for pre-tokenizers. Each method changes the text and returns the pieces of the new
/// text.
final class SpanRewriter {
    private SpanRewriter() {}

    /// Puts a string before each wanted piece that does not begin with it. It gets the offsets of the piece's first
    /// char.
    ///
    /// @param wanted tells by a piece's start whether it is wanted
    static Spans prefixed(NormalizedText text, Spans pieces, String prefix, IntPredicate wanted) {
        NormalizedText longer = text.emptyLike(text.length() + pieces.size());
        Spans moved = new Spans(pieces.size());
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
    static Spans replaced(NormalizedText text, Spans pieces, char old, String replacement) {
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
        Spans moved = new Spans(pieces.size());
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

    /// Replaces each byte by a character.
    static Spans bytes(NormalizedText text, Spans pieces) {
        NormalizedText bytes = text.emptyLike(text.length() + text.length() / 8 + 16);
        Spans moved = new Spans(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            int start = bytes.length();
            ByteChars.appendAll(bytes, text, pieces.from(i), pieces.to(i));
            moved.add(start, bytes.length());
        }
        text.become(bytes);
        return moved;
    }
}
