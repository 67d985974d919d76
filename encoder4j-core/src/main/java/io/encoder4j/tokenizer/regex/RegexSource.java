// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import java.util.regex.PatternSyntaxException;

/// The text of a regular expression, read from left to right.
final class RegexSource {
    private final String regex;
    private int at;

    RegexSource(String regex) {
        this.regex = regex;
    }

    boolean more() {
        return at < regex.length();
    }

    int position() {
        return at;
    }

    void back(int position) {
        at = position;
    }

    String since(int position) {
        return regex.substring(position, at);
    }

    /// The next code point, not read; or -1.
    int next() {
        return more() ? regex.codePointAt(at) : -1;
    }

    String nextAsText() {
        return more() ? Character.toString(next()) : "";
    }

    boolean nextIs(char unit) {
        return next() == unit;
    }

    boolean startsWith(String string) {
        return regex.startsWith(string, at);
    }

    boolean previousIs(char unit) {
        return at > 0 && regex.charAt(at - 1) == unit;
    }

    int read() {
        if (!more()) {
            throw error("it ends too early");
        }
        int point = next();
        at += Character.charCount(point);
        return point;
    }

    boolean take(String string) {
        boolean there = regex.startsWith(string, at);
        at += there ? string.length() : 0;
        return there;
    }

    /// Reads up to a string, and over it.
    String until(String end) {
        int found = regex.indexOf(end, at);
        if (found < 0) {
            throw error("missing " + end);
        }
        String text = regex.substring(at, found);
        at = found + end.length();
        return text;
    }

    /// Reads a decimal number; -1 if there is none. A large one is ten million.
    int number() {
        int start = at;
        int value = 0;
        while (more() && regex.charAt(at) >= '0' && regex.charAt(at) <= '9') {
            value = Math.min(10_000_000, 10 * value + regex.charAt(at++) - '0');
        }
        return at == start ? -1 : value;
    }

    /// Whether the letter after a backslash, which is read, is the name of a set.
    boolean nextIsShorthand() {
        return more() && "sSdDwWhH".indexOf(next()) >= 0;
    }

    /// Reads a backslash and what follows, if this is a character; otherwise reads nothing and returns -1.
    int escapedLiteral() {
        int start = at++;
        int point = read();
        switch (point) {
            case 't': return '\t';
            case 'r': return '\r';
            case 'n': return '\n';
            case 'f': return '\f';
            case 'v': return 0xB;
            case 'a': return 7;
            case 'e': return 0x1B;
            case 'x': return take("{") ? codePoint(until("}"), 1, 8) : ascii(digits(2));
            case 'u': return codePoint(digits(4), 4, 4);
            default:
        }
        if (point < 0x80 && Character.isLetterOrDigit(point)) {
            at = start;
            return -1;
        }
        return point;
    }

    private String digits(int count) {
        int end = Math.min(at + count, regex.length());
        String digits = regex.substring(at, end);
        at = end;
        return digits;
    }

    private int ascii(String digits) {
        int value = codePoint(digits, 2, 2);
        if (value > 0x7F) {
            throw error("the byte \\x" + digits + ", which is no character; write \\x{" + digits + "}");
        }
        return value;
    }

    private int codePoint(String digits, int least, int most) {
        boolean hex = digits.length() >= least && digits.length() <= most
                && digits.chars().allMatch(digit -> digit < 0x80 && Character.digit(digit, 16) >= 0);
        long value = hex ? Long.parseLong(digits, 16) : -1;
        if (value < 0 || value > Character.MAX_CODE_POINT || value >= 0xD800 && value < 0xE000) {
            throw error("no character has the number " + digits);
        }
        return (int) value;
    }

    /// For an escape whose letter was read.
    PatternSyntaxException unsupportedEscape() {
        return error("the escape " + regex.substring(Math.max(0, at - 2), at));
    }

    PatternSyntaxException error(String what) {
        return new PatternSyntaxException(what, regex, at);
    }
}
