// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import org.jspecify.annotations.Nullable;

/// The regular expressions of well-known checkpoints, written as code: one pass, no backtracking, and each code point
/// is read a bounded number of times.
public sealed interface Scanner {
    /// Adds the matches within a part of a text.
    void scan(NormalizedText text, int from, int to, Spans matches);

    /// The scanner for an expression, or null where there is none.
    static @Nullable Scanner of(String regex) {
        if (regex.equals(Gpt2.REGEX)) {
            return new Gpt2();
        }
        if (regex.equals(Llama3.REGEX.formatted("{1,3}")) || regex.equals(Llama3.REGEX.formatted(""))) {
            return new Llama3(regex.contains("{1,3}") ? 3 : 1);
        }
        return regex.equals(" {2,}") ? new Spaces() : null;
    }

    /// Runs of two plain spaces or more.
    record Spaces() implements Scanner {
        @Override
        public void scan(NormalizedText text, int from, int to, Spans matches) {
            char[] chars = text.chars();
            for (int i = from; i < to; i++) {
                int start = i;
                while (i < to && chars[i] == ' ') {
                    i++;
                }
                if (i - start >= 2) {
                    matches.add(start, i);
                }
            }
        }
    }

    /// GPT-2's words, which ByteLevel uses: contractions, and runs of letters, of numbers or of other characters, each
    /// with one space before it. White space is a word of its own, except for a last space before a word.
    record Gpt2() implements Scanner {
        static final String REGEX =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

        @Override
        public void scan(NormalizedText text, int from, int to, Spans matches) {
            for (int i = from; i < to;) {
                int end = end(text, i, to);
                matches.add(i, end);
                i = end;
            }
        }

        private static int end(NormalizedText text, int start, int to) {
            char first = text.chars()[start];
            int contraction = first == '\'' ? Scanner.contraction(text.chars(), start, to, false) : 0;
            if (contraction > 0) {
                return start + contraction;
            }
            int word = first == ' ' && start + 1 < to ? start + 1 : start;
            int kind = kind(text.codePointAt(word));
            return kind == CodePoints.SPACE ? spaces(text, start, to) : run(text, word, to, kind);
        }
    }

    /// Llama 3's words: contractions in any case; letters, with one other character before them; numbers of at most
    /// `maxDigits` code points; other characters, with the line ends after them; line ends, with the white space before
    /// them.
    record Llama3(int maxDigits) implements Scanner {
        static final String REGEX = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s|"
                + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        @Override
        public void scan(NormalizedText text, int from, int to, Spans matches) {
            for (int i = from; i < to;) {
                int end = end(text, i, to);
                matches.add(i, end);
                i = end;
            }
        }

        private int end(NormalizedText text, int start, int to) {
            char[] chars = text.chars();
            int contraction = chars[start] == '\'' ? contraction(chars, start, to, true) : 0;
            if (contraction > 0) {
                return start + contraction;
            }
            int point = text.codePointAt(start);
            int kind = kind(point);
            int next = start + Character.charCount(point);
            if (kind == CodePoints.LETTER) {
                return run(text, next, to, kind);
            }
            if (kind == CodePoints.NUMBER) {
                return numbers(text, next, to);
            }
            if (next < to && !isLineEnd(chars[start]) && kind(text.codePointAt(next)) == CodePoints.LETTER) {
                return run(text, next, to, CodePoints.LETTER);
            }
            int other = chars[start] == ' ' && next < to ? next : start;
            if (kind(text.codePointAt(other)) == 0) {
                int end = run(text, other, to, 0);
                while (end < to && isLineEnd(chars[end])) {
                    end++;
                }
                return end;
            }
            int end = run(text, start, to, CodePoints.SPACE);
            for (int i = end; i > start; i--) {
                if (isLineEnd(chars[i - 1])) {
                    return i;
                }
            }
            return lastSpaceLeft(start, end, to);
        }

        private int numbers(NormalizedText text, int second, int to) {
            int end = second;
            for (int count = 1; count < maxDigits && end < to; count++) {
                int point = text.codePointAt(end);
                if (kind(point) != CodePoints.NUMBER) {
                    break;
                }
                end += Character.charCount(point);
            }
            return end;
        }

        private static boolean isLineEnd(char unit) {
            return unit == '\n' || unit == '\r';
        }
    }

    /// LETTER, NUMBER or SPACE; 0 for all others.
    private static int kind(int point) {
        return CodePoints.flags(point) & (CodePoints.LETTER | CodePoints.NUMBER | CodePoints.SPACE);
    }

    private static int run(NormalizedText text, int start, int to, int kind) {
        int end = start;
        while (end < to) {
            int point = text.codePointAt(end);
            if (kind(point) != kind) {
                break;
            }
            end += Character.charCount(point);
        }
        return end;
    }

    /// `\s+(?!\S)|\s+`: a run of white space, without its last character if a word follows and the run is longer than
    /// one.
    private static int spaces(NormalizedText text, int start, int to) {
        return lastSpaceLeft(start, run(text, start, to, CodePoints.SPACE), to);
    }

    private static int lastSpaceLeft(int start, int end, int to) {
        return end < to && end - start > 1 ? end - 1 : end;
    }

    /// The length of the contraction that starts with this apostrophe, or 0.
    private static int contraction(char[] chars, int start, int to, boolean anyCase) {
        char first = start + 1 < to ? letter(chars[start + 1], anyCase) : 0;
        char second = start + 2 < to ? letter(chars[start + 2], anyCase) : 0;
        return switch (first) {
            case 's', 't', 'm', 'd' -> 2;
            case 'r', 'v' -> second == 'e' ? 3 : 0;
            case 'l' -> second == 'l' ? 3 : 0;
            default -> 0;
        };
    }

    private static char letter(char unit, boolean anyCase) {
        if (!anyCase) {
            return unit;
        }
        // The long s counts as an s when case is ignored.
        return unit >= 'A' && unit <= 'Z' ? (char) (unit + 32) : unit == '\u017F' ? 's' : unit;
    }
}
