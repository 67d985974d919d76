// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// A piece of a text while it passes the normalizers. For each char it holds the range of the original text that the
/// char stands for. Offsets are UTF-16 units of the whole original text. Both units of a surrogate pair carry the range
/// of the pair.
public final class NormalizedText {
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int length;
    /// Where the piece begins in the original text.
    private final int origin;
    private final GrowthLimit limit;

    private NormalizedText(int capacity, GrowthLimit limit) {
        this.limit = limit;
        origin = 0;
        chars = new char[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
    }

    /// The chars `from` (inclusive) to `to` (exclusive) of a text without lone surrogates.
    public NormalizedText(char[] source, int from, int to) {
        origin = from;
        limit = new GrowthLimit(to - from);
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

    public int length() {
        return length;
    }

    /// The chars, not copied; only the first [#length()] are in use.
    public char[] chars() {
        return chars;
    }

    public int originalStart(int index) {
        return starts[index];
    }

    public int originalEnd(int index) {
        return ends[index];
    }

    public int codePointAt(int index) {
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

    /// Removes the code points that have one of the flags.
    public void remove(int flags) {
        removeIf(point -> (CodePoints.flags(point) & flags) != 0);
    }

    /// Removes the code points that a test accepts.
    public void removeIf(IntPredicate unwanted) {
        int kept = 0;
        for (int i = 0; i < length;) {
            int point = codePointAt(i);
            int next = i + Character.charCount(point);
            if (unwanted.test(point)) {
                i = next;
            }
            while (i < next) {
                keep(kept++, i++);
            }
        }
        length = kept;
    }

    /// Replaces some chars by spaces; none of them may be half of a pair.
    public void blankIf(IntPredicate blank) {
        for (int i = 0; i < length; i++) {
            if (blank.test(chars[i])) {
                chars[i] = ' ';
            }
        }
    }

    /// Puts a space before and after each code point that has the flag; the spaces get its offsets.
    public void pad(int flag) {
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

    public void lowerCase() {
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

    /// Removes white space at the ends.
    public void strip(boolean left, boolean right) {
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

    /// Puts a string before a text that is not empty. It gets the offsets of the first char.
    public void prepend(String string) {
        if (length > 0 && !string.isEmpty()) {
            NormalizedText longer = emptyLike(length);
            string.chars().forEach(unit -> longer.appendUnit((char) unit, starts[0], ends[0]));
            longer.appendAll(this, 0, length);
            become(longer);
        }
    }

    /// Whether a part begins with a string.
    public boolean startsWith(String prefix, int from, int to) {
        if (to - from < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (chars[from + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Replaces each match of a pattern. The new chars get the offsets of the last replaced char. For an empty match,
    /// that is the char before it, or nothing at the start.
    public void replace(TextPattern pattern, String content) {
        if (pattern instanceof TextPattern.Literal(String string) && string.length() == 1 && content.length() == 1) {
            for (int i = 0; i < length; i++) {
                chars[i] = chars[i] == string.charAt(0) ? content.charAt(0) : chars[i];
            }
            return;
        }
        Spans matches = pattern.matches(this, 0, length);
        if (matches.size() == 0) {
            return;
        }
        NormalizedText replaced = emptyLike();
        int done = 0;
        for (int match = 0; match < matches.size(); match++) {
            replaced.appendAll(this, done, matches.from(match));
            done = matches.to(match);
            int start = done > 0 ? starts[done - 1] : origin;
            int end = done > 0 ? ends[done - 1] : origin;
            for (int i = 0; i < content.length(); i++) {
                replaced.appendUnit(content.charAt(i), start, end);
            }
        }
        replaced.appendAll(this, done, length);
        become(replaced);
    }

    /// A copy of a part.
    public NormalizedText slice(int from, int to) {
        NormalizedText slice = emptyLike(to - from);
        slice.appendAll(this, from, to);
        return slice;
    }

    int codePoints(int from, int to) {
        return Character.codePointCount(chars, from, to - from);
    }

    /// The chars of a part.
    public String string(int from, int to) {
        return new String(chars, from, to - from);
    }

    /// An empty text with room for about as many chars as this one has.
    public NormalizedText emptyLike() {
        return emptyLike(length + 16);
    }

    /// An empty text, which may grow as long as this one.
    public NormalizedText emptyLike(int capacity) {
        return new NormalizedText(capacity, limit);
    }

    /// Appends a char, which may be half of a pair.
    public void appendUnit(char unit, int start, int end) {
        reserve(1);
        chars[length] = unit;
        starts[length] = start;
        ends[length++] = end;
    }

    private void reserve(int more) {
        if (length + more > chars.length) {
            limit.check((long) length + more);
            int capacity = Math.max(Math.max(16, 2 * chars.length), length + more);
            chars = Arrays.copyOf(chars, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
    }

    void append(int codePoint, int start, int end) {
        reserve(2);
        for (int i = Character.toChars(codePoint, chars, length); i > 0; i--) {
            starts[length] = start;
            ends[length++] = end;
        }
    }

    public void become(NormalizedText other) {
        chars = other.chars;
        starts = other.starts;
        ends = other.ends;
        length = other.length;
    }

    /// Appends a part of another text.
    public void appendAll(NormalizedText from, int first, int last) {
        int count = last - first;
        reserve(count);
        System.arraycopy(from.chars, first, chars, length, count);
        System.arraycopy(from.starts, first, starts, length, count);
        System.arraycopy(from.ends, first, ends, length, count);
        length += count;
    }

    private void keep(int to, int from) {
        chars[to] = chars[from];
        starts[to] = starts[from];
        ends[to] = ends[from];
    }
}
