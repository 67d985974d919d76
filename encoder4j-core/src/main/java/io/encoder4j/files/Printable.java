// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import java.nio.file.Path;

/// What files and users say, fit for a message, a log or a terminal: control, formatting and line-separating characters are
/// written as `\u001b`. A file that names its tensors after terminal commands or log lines thus gets nowhere.
public final class Printable {

    private static final int LONGEST_NAME = 200;

    private Printable() { }

    /// A name, cut after 200 characters.
    public static String name(String name) {
        return escaped(name, LONGEST_NAME, false);
    }

    /// A path, however long.
    public static String path(Path path) {
        return escaped(path.toString(), Integer.MAX_VALUE, false);
    }

    /// A text of one line, however long.
    public static String line(String text) {
        return escaped(text, Integer.MAX_VALUE, false);
    }

    /// A text that may have lines: line feeds and tabs stay.
    public static String lines(String text) {
        return escaped(text, Integer.MAX_VALUE, true);
    }

    private static String escaped(String text, int limit, boolean lines) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            if (i >= limit) {
                return (escaped == null ? text.substring(0, i) : escaped.toString()) + "… (" + text.length() + " characters)";
            }
            boolean plain = lines && (c == '\n' || c == '\t') || !isHidden(c);
            if (!plain && escaped == null) {
                escaped = new StringBuilder(text.length() + 8).append(text, 0, i);
            }
            if (escaped != null) {
                if (plain) {
                    escaped.appendCodePoint(c);
                } else {
                    for (char unit : Character.toChars(c)) {
                        escaped.append("\\u%04x".formatted((int) unit));
                    }
                }
            }
            i += Character.charCount(c);
        }
        return escaped == null ? text : escaped.toString();
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> true;
            default -> false;
        };
    }
}
