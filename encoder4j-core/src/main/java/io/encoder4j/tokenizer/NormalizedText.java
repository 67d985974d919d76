// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Arrays;

/**
 * A piece of a text on its way through the normalizers, and for each of its chars the range of the original it stands
 * for. Offsets are UTF-16 units of the whole original text. Both units of a surrogate pair carry the range of the pair.
 */
final class NormalizedText {
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int length;

    private NormalizedText(int capacity) {
        chars = new char[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
    }

    /** The chars {@code from} (inclusive) to {@code to} (exclusive) of a text without lone surrogates. */
    NormalizedText(char[] source, int from, int to) {
        length = to - from;
        chars = Arrays.copyOfRange(source, from, to);
        starts = new int[length];
        ends = new int[length];
        for (int i = 0; i < length; i++) {
            starts[i] = from + i;
            ends[i] = from + i + 1;
            if (Character.isLowSurrogate(chars[i])) {
                ends[i - 1]++;
                starts[i]--;
            }
        }
    }

    /** The chars of a text, with U+FFFD in the place of each lone surrogate, as a conversion to UTF-8 would put it. */
    static char[] wellFormed(String text) {
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

    int length() {
        return length;
    }

    /** The chars, of which the first {@link #length()} count; not a copy. */
    char[] chars() {
        return chars;
    }

    int originalStart(int index) {
        return starts[index];
    }

    int originalEnd(int index) {
        return ends[index];
    }

    int codePointAt(int index) {
        char first = chars[index];
        return Character.isHighSurrogate(first) ? Character.toCodePoint(first, chars[index + 1]) : first;
    }

    boolean any(int flags) {
        for (int i = 0; i < length; i++) {
            int point = codePointAt(i);
            if ((CodePoints.flags(point) & flags) != 0) {
                return true;
            }
            i += Character.charCount(point) - 1;
        }
        return false;
    }

    /** Drops the code points that have one of the flags. */
    void remove(int flags) {
        int kept = 0;
        for (int i = 0; i < length;) {
            int point = codePointAt(i);
            int next = i + Character.charCount(point);
            if ((CodePoints.flags(point) & flags) != 0) {
                i = next;
            }
            while (i < next) {
                keep(kept++, i++);
            }
        }
        length = kept;
    }

    /** Makes a plain space of every white space. */
    void blankSpaces() {
        for (int i = 0; i < length; i++) {
            if ((CodePoints.flags(chars[i]) & CodePoints.SPACE) != 0) {
                chars[i] = ' ';
            }
        }
    }

    /** Puts a space before and after each code point that has the flag; they stand for what it stands for. */
    void pad(int flag) {
        if (!any(flag)) {
            return;
        }
        NormalizedText padded = emptyLike();
        for (int i = 0; i < length;) {
            int point = codePointAt(i);
            boolean wanted = (CodePoints.flags(point) & flag) != 0;
            if (wanted) {
                padded.append(' ', starts[i], ends[i]);
            }
            padded.append(point, starts[i], ends[i]);
            if (wanted) {
                padded.append(' ', starts[i], ends[i]);
            }
            i += Character.charCount(point);
        }
        become(padded);
    }

    void lowerCase() {
        for (int i = 0; i < length; i++) {
            if (chars[i] == '\u0130') {
                lowerCaseGrowing();
                return;
            }
            int point = codePointAt(i);
            int lower = CodePoints.lowerCase(point);
            if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
                chars[i] = (char) lower;
            } else {
                Character.toChars(lower, chars, i++);
            }
        }
    }

    private void lowerCaseGrowing() {
        NormalizedText lower = emptyLike();
        for (int i = 0; i < length;) {
            int point = codePointAt(i);
            lower.append(point == 0x130 ? 'i' : CodePoints.lowerCase(point), starts[i], ends[i]);
            if (point == 0x130) {
                lower.append(0x307, starts[i], ends[i]);
            }
            i += Character.charCount(point);
        }
        become(lower);
    }

    /** Drops white space at the ends. */
    void strip(boolean left, boolean right) {
        int from = 0;
        int to = length;
        while (left && from < to && (CodePoints.flags(chars[from]) & CodePoints.SPACE) != 0) {
            from++;
        }
        while (right && from < to && (CodePoints.flags(chars[to - 1]) & CodePoints.SPACE) != 0) {
            to--;
        }
        for (int i = from; i < to; i++) {
            keep(i - from, i);
        }
        length = to - from;
    }

    /**
     * Replaces each occurrence of a string that is not empty; the new chars stand for the last char of what they
     * replace.
     */
    void replace(String pattern, String content) {
        String text = new String(chars, 0, length);
        int found = text.indexOf(pattern);
        if (found < 0) {
            return;
        }
        NormalizedText replaced = emptyLike();
        int done = 0;
        while (found >= 0) {
            replaced.appendAll(this, done, found);
            done = found + pattern.length();
            for (int i = 0; i < content.length(); i++) {
                replaced.append(content.charAt(i), starts[done - 1], ends[done - 1]);
            }
            found = text.indexOf(pattern, done);
        }
        replaced.appendAll(this, done, length);
        become(replaced);
    }

    /** An empty text to append to, with room for about as much as this one holds. */
    NormalizedText emptyLike() {
        return new NormalizedText(length + 16);
    }

    void append(int codePoint, int start, int end) {
        if (length + 2 > chars.length) {
            int capacity = Math.max(16, 2 * chars.length);
            chars = Arrays.copyOf(chars, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        for (int i = Character.toChars(codePoint, chars, length); i > 0; i--) {
            starts[length] = start;
            ends[length++] = end;
        }
    }

    void become(NormalizedText other) {
        chars = other.chars;
        starts = other.starts;
        ends = other.ends;
        length = other.length;
    }

    private void appendAll(NormalizedText from, int first, int last) {
        for (int i = first; i < last; i++) {
            append(from.chars[i], from.starts[i], from.ends[i]);
        }
    }

    private void keep(int to, int from) {
        chars[to] = chars[from];
        starts[to] = starts[from];
        ends[to] = ends[from];
    }
}
