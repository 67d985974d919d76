// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.unicode;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Facts about code points, from [UnicodeTables]: bit sets, looked up with two array reads.
public final class CodePoints {
    public static final int SPACE = 1;
    public static final int REMOVED = 1 << 1;
    public static final int PADDED = 1 << 2;
    public static final int PUNCTUATION = 1 << 3;
    public static final int NONSPACING = 1 << 4;
    public static final int MARK = 1 << 5;
    public static final int DECOMPOSED = 1 << 6;
    /// Has a combining class other than 0, so canonical ordering may move it.
    public static final int ORDERED = 1 << 7;
    public static final int LETTER = 1 << 8;
    public static final int NUMBER = 1 << 9;
    /// Numeric for the pre-tokenizer Digits; includes all of [#NUMBER].
    public static final int NUMERIC = 1 << 10;
    /// Has a compatibility decomposition that is not its canonical one.
    public static final int COMPATIBLE = 1 << 11;

    private static final int SHIFT = 7;
    private static final int BLOCK = 1 << SHIFT;
    private static final short[] EMPTY = new short[BLOCK];
    private static final short[][] FLAGS = pages(flags -> {
        mark(flags, UnicodeTables.SPACE, SPACE);
        mark(flags, UnicodeTables.REMOVED, REMOVED);
        mark(flags, UnicodeTables.PADDED, PADDED);
        mark(flags, UnicodeTables.PUNCTUATION, PUNCTUATION);
        mark(flags, UnicodeTables.NONSPACING, NONSPACING);
        mark(flags, UnicodeTables.MARK, MARK);
        mark(flags, UnicodeTables.DECOMPOSED, DECOMPOSED);
        mark(flags, UnicodeTables.COMBINING_CLASS, ORDERED);
        mark(flags, UnicodeCategories.LETTER, LETTER);
        mark(flags, UnicodeCategories.NUMBER, NUMBER | NUMERIC);
        mark(flags, UnicodeCategories.NUMERIC, NUMERIC);
        mark(flags, UnicodeCategories.COMPATIBLE, COMPATIBLE);
    });

    /// Built only when a text needs a decomposition.
    private static final class CombiningClasses {
        static final short[][] PAGES = pages(classes -> ranges(UnicodeTables.COMBINING_CLASS,
                (first, last, combiningClass) -> mark(classes, first, last, combiningClass)));
    }

    private CodePoints() {}

    /// The flags above that a code point has, or-ed together.
    public static int flags(int codePoint) {
        return FLAGS[codePoint >> SHIFT][codePoint & BLOCK - 1];
    }

    /// The chars of a text, with U+FFFD in place of each lone surrogate, as in a conversion to UTF-8.
    public static char[] wellFormed(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (!Character.isSurrogate(chars[i])) {
                continue;
            }
            if (Character.isHighSurrogate(chars[i]) && i + 1 < chars.length && Character.isLowSurrogate(chars[i + 1])) {
                i++;
            } else {
                chars[i] = '\uFFFD';
            }
        }
        return chars;
    }

    /// The number of bytes of a code point in UTF-8.
    public static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /// The value of a code point in a table made by [#pages].
    public static int in(short[][] pages, int codePoint) {
        return pages[codePoint >> SHIFT][codePoint & BLOCK - 1];
    }

    /// The canonical combining class, 0 to 240.
    public static int combiningClass(int codePoint) {
        return in(CombiningClasses.PAGES, codePoint);
    }

    /// The lower-case letter, without context (a final sigma is σ) and without a locale. The caller handles U+0130,
    /// which becomes two code points. Java 25 knows Unicode 16, the reference Unicode 17: the new pairs are listed
    /// here.
    public static int lowerCase(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 32 : codePoint;
        }
        return switch (codePoint) {
            case 0xA7CE, 0xA7D2, 0xA7D4 -> codePoint + 1;
            default -> codePoint >= 0x16EA0 && codePoint <= 0x16EB8 ? codePoint + 0x1B
                    : Character.toLowerCase(codePoint);
        };
    }

    /// Whether a code point is a word character: `\w` of UTS 18.
    public static boolean isWord(int codePoint) {
        return Character.isAlphabetic(codePoint) || codePoint == 0x200C || codePoint == 0x200D
                || switch (Character.getType(codePoint)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK,
                            Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION -> true;
                    default -> false;
                };
    }

    /// Receives the ranges of a table, ends included.
    interface Ranges {
        void range(int first, int last, int group);
    }

    /// Reads a table of ranges such as `300-314 33D`; a decimal group such as `230:` applies to the ranges after it.
    /// The loop is written by hand, since the tables have thirty thousand chars and every process reads them at its
    /// start.
    static void ranges(String table, Ranges ranges) {
        int group = 0;
        int first = -1;
        int hex = 0;
        int decimal = 0;
        int digits = 0;
        for (int i = 0; i <= table.length(); i++) {
            char c = i < table.length() ? table.charAt(i) : ' ';
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit >= 0) {
                hex = hex << 4 | digit;
                decimal = decimal * 10 + digit;
                digits++;
                continue;
            }
            if (c == ':') {
                group = decimal;
            } else if (c == '-') {
                first = hex;
            } else if (digits > 0) {
                ranges.range(first < 0 ? hex : first, hex, group);
                first = -1;
            }
            hex = 0;
            decimal = 0;
            digits = 0;
        }
    }

    /// The code points of a table.
    public static IntStream points(String table) {
        IntStream.Builder points = IntStream.builder();
        ranges(table, (first, last, _) -> IntStream.rangeClosed(first, last).forEach(points));
        return points.build();
    }

    public static void mark(short[][] pages, String table, int bits) {
        ranges(table, (first, last, _) -> mark(pages, first, last, bits));
    }

    private static void mark(short[][] pages, int first, int last, int bits) {
        for (int page = first >> SHIFT; page <= last >> SHIFT; page++) {
            if (pages[page] == EMPTY) {
                pages[page] = new short[BLOCK];
            }
            short[] flags = pages[page];
            int end = Math.min(last - (page << SHIFT), BLOCK - 1);
            for (int i = Math.max(first - (page << SHIFT), 0); i <= end; i++) {
                flags[i] |= (short) bits;
            }
        }
    }

    /// A table of one short per code point, in pages. All empty pages are one object.
    public static short[][] pages(Consumer<short[][]> fill) {
        short[][] pages = new short[(Character.MAX_CODE_POINT + 1) >> SHIFT][];
        Arrays.fill(pages, EMPTY);
        fill.accept(pages);
        return pages;
    }
}
