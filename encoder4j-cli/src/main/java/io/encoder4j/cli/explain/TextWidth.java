// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.files.Printable;

/// Columns that text takes up in a terminal: two for a Chinese character, none for an accent put on the letter before.
public final class TextWidth {

    private TextWidth() { }

    /// Columns of a text.
    public static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    private static int of(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    /// The blocks that Unicode's East Asian Width calls wide, and emoji.
    private static boolean isWide(int c) {
        return c >= 0x1100 && (c <= 0x115f || c >= 0x2e80 && c <= 0xa4cf && c != 0x303f || c >= 0xa960 && c <= 0xa97c
                || c >= 0xac00 && c <= 0xd7a3 || c >= 0xf900 && c <= 0xfaff || c >= 0xfe30 && c <= 0xfe6f
                || c >= 0xff00 && c <= 0xff60 || c >= 0xffe0 && c <= 0xffe6 || c >= 0x1f300 && c <= 0x1f64f
                || c >= 0x1f680 && c <= 0x1f6ff || c >= 0x1f900 && c <= 0x1faff || c >= 0x20000 && c <= 0x3fffd);
    }

    /// Cut to at most `width` columns, with an ellipsis where something is missing, and free of control characters.
    static String cut(String text, int width) {
        String printable = Printable.name(text);
        if (of(printable) <= width) {
            return printable;
        }
        StringBuilder cut = new StringBuilder();
        int taken = 0;
        for (int c : printable.codePoints().toArray()) {
            if (taken + of(c) > width - 1) {
                break;
            }
            cut.appendCodePoint(c);
            taken += of(c);
        }
        return cut + "…";
    }

    /// Exactly `width` columns, the text on the left.
    static String left(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(width - of(cut));
    }

    /// Exactly `width` columns, the text on the right.
    static String right(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(width - of(cut)) + cut;
    }
}
