// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import io.encoder4j.tokenizer.unicode.UnicodeCategories;

/// Finds extended grapheme clusters (UAX 29), which a reader sees as single characters.
final class Graphemes {
    private static final int JOINED = 1;
    private static final int SPACING = 1 << 1;
    private static final int PREPENDED = 1 << 2;
    private static final int CONTROL = 1 << 3;
    private static final int PICTOGRAPHIC = 1 << 4;
    private static final int LINKER = 1 << 5;
    private static final int CONSONANT = 1 << 6;
    private static final int REGIONAL = 1 << 7;
    private static final int HANGUL_L = 1 << 8;
    private static final int HANGUL_V = 1 << 9;
    private static final int HANGUL_T = 1 << 10;
    private static final int ZWJ = 0x200D;
    private static final short[][] KINDS = CodePoints.pages(kinds -> {
        CodePoints.mark(kinds, UnicodeCategories.JOINED, JOINED);
        CodePoints.mark(kinds, UnicodeCategories.SPACING, SPACING);
        CodePoints.mark(kinds, UnicodeCategories.PREPENDED, PREPENDED);
        CodePoints.mark(kinds, UnicodeCategories.CONTROL, CONTROL);
        CodePoints.mark(kinds, UnicodeCategories.PICTOGRAPHIC, PICTOGRAPHIC);
        CodePoints.mark(kinds, UnicodeCategories.LINKER, LINKER);
        CodePoints.mark(kinds, UnicodeCategories.CONSONANT, CONSONANT);
        CodePoints.mark(kinds, "1F1E6-1F1FF", REGIONAL);
        CodePoints.mark(kinds, "1100-115F A960-A97C", HANGUL_L);
        CodePoints.mark(kinds, "1160-11A7 D7B0-D7C6", HANGUL_V);
        CodePoints.mark(kinds, "11A8-11FF D7CB-D7FB", HANGUL_T);
    });

    private Graphemes() {}

    /// The end of the cluster that starts at an index.
    static int end(NormalizedText text, int start, int to) {
        char[] chars = text.chars();
        if (start + 1 == to || chars[start] < 0x300 && chars[start + 1] < 0x300 && chars[start] != '\r') {
            return start + 1;
        }
        int point = text.codePointAt(start);
        int kind = kind(point);
        int end = start + Character.charCount(point);
        State state = new State(kind);
        while (end < to) {
            int next = text.codePointAt(end);
            if (!state.joins(point, next)) {
                break;
            }
            point = next;
            end += Character.charCount(next);
        }
        return end;
    }

    private static int kind(int point) {
        if (point >= 0xAC00 && point <= 0xD7A3) {
            return (point - 0xAC00) % 28 == 0 ? HANGUL_V | HANGUL_L : HANGUL_T | HANGUL_L;
        }
        return CodePoints.in(KINDS, point);
    }

    /// The part of a cluster that decides whether the next code point belongs to it.
    private static final class State {
        private int last;
        /// A pictograph with nothing but Extend after it.
        private boolean emoji;
        /// An emoji and a ZWJ.
        private boolean emojiJoiner;
        private boolean consonant;
        private boolean linker;
        private boolean oddRegional;

        State(int kind) {
            last = kind;
            see(kind, false);
        }

        boolean joins(int before, int next) {
            int kind = kind(next);
            if (!joins(before, next, kind)) {
                return false;
            }
            see(kind, next == ZWJ);
            last = kind;
            return true;
        }

        private boolean joins(int before, int next, int kind) {
            if (((last | kind) & CONTROL) != 0) {
                return before == '\r' && next == '\n';
            }
            return (kind & JOINED) != 0 || (last & PREPENDED) != 0 || hangul(kind)
                    || emojiJoiner && (kind & PICTOGRAPHIC) != 0 || consonant && linker && (kind & CONSONANT) != 0
                    || oddRegional && (kind & REGIONAL) != 0;
        }

        private boolean hangul(int kind) {
            // A syllable is marked as L and with its last part; on the right side only its first part counts.
            boolean syllable = (kind & HANGUL_L) != 0;
            boolean plainL = (last & HANGUL_L) != 0 && (last & (HANGUL_V | HANGUL_T)) == 0;
            return plainL && (syllable || (kind & HANGUL_V) != 0)
                    || !syllable && (last & HANGUL_V) != 0 && (kind & (HANGUL_V | HANGUL_T)) != 0
                    || !syllable && (last & HANGUL_T) != 0 && (kind & HANGUL_T) != 0;
        }

        private void see(int kind, boolean joiner) {
            emojiJoiner = joiner && emoji;
            emoji = (kind & PICTOGRAPHIC) != 0 || emoji && (kind & JOINED) != 0 && (kind & SPACING) == 0;
            if ((kind & CONSONANT) != 0) {
                consonant = true;
                linker = false;
            } else {
                linker |= (kind & LINKER) != 0;
                consonant &= joiner || (kind & JOINED) != 0 && (kind & SPACING) == 0;
            }
            oddRegional = (kind & REGIONAL) != 0 && !oddRegional;
        }
    }
}
