// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.regex.Regex;

/// What a normalizer or decoder replaces, or where a pre-tokenizer splits: `{"String": …}` or `{"Regex": …}`.
public sealed interface TextPattern {
    /// The matches within a part of a text, from left to right, none overlapping another. They may be empty.
    Spans matches(NormalizedText text, int from, int to);

    /// A literal string, not empty.
    record Literal(String string) implements TextPattern {
        @Override
        public Spans matches(NormalizedText text, int from, int to) {
            Spans found = new Spans(4);
            char first = string.charAt(0);
            char[] chars = text.chars();
            for (int i = from; i <= to - string.length();) {
                if (chars[i] == first && text.startsWith(string, i, to)) {
                    found.add(i, i + string.length());
                    i += string.length();
                } else {
                    i++;
                }
            }
            return found;
        }
    }

    /// A regular expression for which there is a scanner.
    record Scanned(Scanner scanner) implements TextPattern {
        @Override
        public Spans matches(NormalizedText text, int from, int to) {
            Spans found = new Spans((to - from) / 4);
            scanner.scan(text, from, to, found);
            return found;
        }
    }

    /// Any other regular expression, run with a bound on its steps.
    record Expression(Regex regex) implements TextPattern {
        @Override
        public Spans matches(NormalizedText text, int from, int to) {
            Spans found = new Spans(4);
            try {
                regex.find(text.chars(), from, to, found::addEvenEmpty);
            } catch (Regex.TooManySteps e) {
                throw new TokenizerProblem("the tokenizer's regular expression " + regex + " takes too many steps on a"
                        + " text of " + (to - from) + " chars; shorten the text, or change the expression in the"
                        + " tokenizer's file", e);
            }
            return found;
        }
    }
}
