// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import java.util.regex.PatternSyntaxException;

/// A regular expression with the meaning that Oniguruma gives it, which the reference uses. `^` and `$` are the ends of
/// lines, `\h` is a hexadecimal digit, and `{2}+` is no possessive repetition: Java's expressions would differ silently.
/// What is not supported is refused by name: back-references among others, because they have no bound.
///
/// The steps of a search are counted, all in one place ([RegexMatcher]). They are proportional to the length of the text
/// at most; a search that needs more ends in a [TooManySteps]. Nothing recurses while a text is searched.
public final class Regex {
    /// A search took more steps than its text allows.
    public static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /// Receives the matches from left to right. They may be empty.
    public interface Found {
        void match(int from, int to);
    }

    private final String regex;
    private final Program program;

    private Regex(String regex, Program program) {
        this.regex = regex;
        this.program = program;
    }

    /// @throws PatternSyntaxException if the expression is malformed, too long, or has what is not supported
    public static Regex of(String regex) {
        return new Regex(regex, RegexCompiler.compile(regex));
    }

    /// Finds the matches in a part of a text without lone surrogates. The part is the whole text for the expression. As
    /// in the reference, no match is empty that begins where another one ended, and an empty text has none.
    ///
    /// @throws TooManySteps if the steps are used up
    public void find(char[] chars, int from, int to, Found found) {
        if (from == to) {
            return;
        }
        RegexMatcher matcher = new RegexMatcher(program, chars, from, to);
        int last = -1;
        for (int start = from; start <= to;) {
            int end = start == to || program.firstChars().has(chars[start]) ? matcher.match(start) : -1;
            boolean taken = end >= 0 && !(end == start && end == last);
            if (taken) {
                found.match(start, end);
                last = end;
            }
            start = taken && end > start ? end : matcher.after(start);
        }
    }

    @Override
    public String toString() {
        return regex;
    }
}
