// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;


import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression from a tokenizer file for which there is no [Scanner]. Java's engine runs it. Its steps are
/// counted, and an expression that takes too many of them is stopped.
public final class BoundedRegex {
    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.MULTILINE
            | Pattern.UNIX_LINES;
    private static final long LOOKS_PER_CHAR = 200;
    private static final long LOOKS = 10_000;

    private final Pattern pattern;

    private BoundedRegex(Pattern pattern) {
        this.pattern = pattern;
    }

    /// Compiles an expression in the syntax that Oniguruma and Java share.
    ///
    /// @throws PatternSyntaxException if Java does not understand it
    public static BoundedRegex of(String regex) {
        return new BoundedRegex(Pattern.compile(regex, FLAGS));
    }

    Spans matches(NormalizedText text, int from, int to) {
        Spans found = new Spans(4);
        Counted counted = new Counted(text.string(from, to), new long[] {LOOKS + LOOKS_PER_CHAR * (to - from)});
        Matcher matcher = pattern.matcher(counted);
        try {
            while (matcher.find()) {
                found.add(from + matcher.start(), from + matcher.end());
            }
        } catch (StackOverflowError | OutOfLooks e) {
            throw new TokenizerProblem("the tokenizer's regular expression " + pattern + " takes too many steps on a"
                    + " text of " + (to - from) + " chars; shorten the text, or ask for a scanner for it", e);
        }
        return found;
    }

    private static final class OutOfLooks extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutOfLooks() {
            super("out of steps", null, false, false);
        }
    }

    /// @param left the number of steps left; all parts of the text share it
    private record Counted(CharSequence text, long[] left) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (left[0]-- <= 0) {
                throw new OutOfLooks();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
