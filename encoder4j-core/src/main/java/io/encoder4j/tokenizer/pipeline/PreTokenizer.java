// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.text.Scanner;
import io.encoder4j.tokenizer.text.Spans;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.List;

/// The second stage: splits a text into words; no token crosses a word's end. Each record is named after its type in
/// the file.
public sealed interface PreTokenizer {
    /// Splits each of the pieces further and leaves out empty ones. May rewrite the text; the returned pieces are those
    /// of the new text.
    Spans split(NormalizedText text, Spans pieces);

    /// Removes white space, and makes each punctuation character a word.
    record BertPreTokenizer() implements PreTokenizer {
        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            return splitAt(text, pieces, CodePoints.SPACE, CodePoints.PUNCTUATION);
        }
    }

    record WhitespaceSplit() implements PreTokenizer {
        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            return splitAt(text, pieces, CodePoints.SPACE, 0);
        }
    }

    /// Splits at the matches of a pattern, or, with `invert`, at the text between them.
    record Split(TextPattern pattern, SplitBehavior behavior, boolean invert) implements PreTokenizer {
        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            Spans words = new Spans(2 * pieces.size());
            for (int i = 0; i < pieces.size(); i++) {
                int from = pieces.from(i);
                int to = pieces.to(i);
                behavior.split(pattern.matches(text, from, to), from, to, invert, words);
            }
            return words;
        }
    }

    /// Splits at code points that have one of the flags; each is one match.
    record FlagSplit(int flags, SplitBehavior behavior) implements PreTokenizer {
        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            Spans words = new Spans(2 * pieces.size());
            for (int piece = 0; piece < pieces.size(); piece++) {
                int from = pieces.from(piece);
                int to = pieces.to(piece);
                Spans matches = new Spans(4);
                for (int i = from; i < to;) {
                    int point = text.codePointAt(i);
                    int next = i + Character.charCount(point);
                    if ((CodePoints.flags(point) & flags) != 0) {
                        matches.add(i, next);
                    }
                    i = next;
                }
                behavior.split(matches, from, to, false, words);
            }
            return words;
        }
    }

    /// Splits into GPT-2's words, if `useRegex`, and replaces each byte by a character.
    record ByteLevel(boolean addPrefixSpace, boolean useRegex) implements PreTokenizer {
        private static final Scanner WORDS = new Scanner.Gpt2();

        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            if (addPrefixSpace) {
                pieces = SpanRewriter.prefixed(text, pieces, " ", _ -> true);
            }
            if (useRegex) {
                Spans words = new Spans(text.length() / 4 + pieces.size());
                for (int i = 0; i < pieces.size(); i++) {
                    WORDS.scan(text, pieces.from(i), pieces.to(i), words);
                }
                pieces = words;
            }
            return SpanRewriter.bytes(text, pieces);
        }
    }

    /// SentencePiece's words: each space becomes the replacement, which begins a word.
    record Metaspace(String replacement, PrependScheme prependScheme, boolean split) implements PreTokenizer {
        /// Which pieces get a replacement put before them, if they do not begin with one.
        public enum PrependScheme { FIRST, NEVER, ALWAYS }

        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            pieces = SpanRewriter.replaced(text, pieces, ' ', replacement);
            if (prependScheme != PrependScheme.NEVER) {
                pieces = SpanRewriter.prefixed(text, pieces, replacement, piece ->
                        prependScheme == PrependScheme.ALWAYS || text.originalStart(piece) == 0);
            }
            if (!split) {
                return pieces;
            }
            Spans words = new Spans(text.length() / 4 + pieces.size());
            for (int piece = 0; piece < pieces.size(); piece++) {
                int start = pieces.from(piece);
                int to = pieces.to(piece);
                for (int i = start + 1; i < to; i++) {
                    if (text.startsWith(replacement, i, to)) {
                        words.add(start, i);
                        start = i;
                    }
                }
                words.add(start, to);
            }
            return words;
        }
    }

    /// The matches of `\w+|[^\w\s]+`.
    record Whitespace() implements PreTokenizer {
        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            Spans words = new Spans(2 * pieces.size());
            for (int piece = 0; piece < pieces.size(); piece++) {
                int start = pieces.from(piece);
                Kind open = Kind.SPACE;
                for (int i = start; i < pieces.to(piece);) {
                    int point = text.codePointAt(i);
                    Kind kind = Kind.of(point);
                    if (kind != open) {
                        words.add(open == Kind.SPACE ? i : start, i);
                        start = i;
                        open = kind;
                    }
                    i += Character.charCount(point);
                }
                words.add(open == Kind.SPACE ? pieces.to(piece) : start, pieces.to(piece));
            }
            return words;
        }

        private enum Kind {
            SPACE, WORD, OTHER;

            static Kind of(int point) {
                boolean space = (CodePoints.flags(point) & CodePoints.SPACE) != 0;
                return space ? SPACE : CodePoints.isWord(point) ? WORD : OTHER;
            }
        }
    }

    /// One after the other; an empty list leaves the text whole.
    record Sequence(List<PreTokenizer> preTokenizers) implements PreTokenizer {
        @Override
        public Spans split(NormalizedText text, Spans pieces) {
            for (PreTokenizer preTokenizer : preTokenizers) {
                pieces = preTokenizer.split(text, pieces);
            }
            return pieces;
        }
    }

    /// Removes code points that have one of the `dropped` flags, and makes each one with an `isolated` flag a word.
    private static Spans splitAt(NormalizedText text, Spans pieces, int dropped, int isolated) {
        Spans words = new Spans(text.length() / 4 + pieces.size());
        for (int piece = 0; piece < pieces.size(); piece++) {
            int start = pieces.from(piece);
            for (int i = start; i < pieces.to(piece);) {
                int point = text.codePointAt(i);
                int next = i + Character.charCount(point);
                int flags = CodePoints.flags(point);
                if ((flags & (dropped | isolated)) != 0) {
                    words.add(start, i);
                    words.add((flags & isolated) != 0 ? i : next, next);
                    start = next;
                }
                i = next;
            }
            words.add(start, pieces.to(piece));
        }
        return words;
    }
}
