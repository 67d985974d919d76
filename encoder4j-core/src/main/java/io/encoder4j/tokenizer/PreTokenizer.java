// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.List;

/** The second stage: the words a token never crosses. Each record is named after its type in the file. */
sealed interface PreTokenizer {
    /** Cuts each of the pieces further; empty ones are left out. */
    Pieces split(NormalizedText text, Pieces pieces);

    /** Drops white space, and makes each punctuation character a word. */
    record BertPreTokenizer() implements PreTokenizer {
        @Override
        public Pieces split(NormalizedText text, Pieces pieces) {
            return splitAt(text, pieces, CodePoints.SPACE, CodePoints.PUNCTUATION);
        }
    }

    record WhitespaceSplit() implements PreTokenizer {
        @Override
        public Pieces split(NormalizedText text, Pieces pieces) {
            return splitAt(text, pieces, CodePoints.SPACE, 0);
        }
    }

    /** The behaviour {@code Isolated} only. */
    record Punctuation() implements PreTokenizer {
        @Override
        public Pieces split(NormalizedText text, Pieces pieces) {
            return splitAt(text, pieces, 0, CodePoints.PUNCTUATION);
        }
    }

    /** The matches of {@code \w+|[^\w\s]+}. */
    record Whitespace() implements PreTokenizer {
        @Override
        public Pieces split(NormalizedText text, Pieces pieces) {
            Pieces words = new Pieces(2 * pieces.size());
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

    /** One after the other; an empty list leaves the text whole. */
    record Sequence(List<PreTokenizer> preTokenizers) implements PreTokenizer {
        @Override
        public Pieces split(NormalizedText text, Pieces pieces) {
            for (PreTokenizer preTokenizer : preTokenizers) {
                pieces = preTokenizer.split(text, pieces);
            }
            return pieces;
        }
    }

    /**
     * Cuts where code points have one of the {@code dropped} flags, and around those with one of the {@code isolated}.
     */
    private static Pieces splitAt(NormalizedText text, Pieces pieces, int dropped, int isolated) {
        Pieces words = new Pieces(text.length() / 4 + pieces.size());
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
