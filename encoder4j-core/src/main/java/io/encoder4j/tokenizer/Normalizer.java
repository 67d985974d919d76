// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.List;

/**
 * The first stage: what of a text's spelling does not matter to the model. Each record is named after its type in the
 * file.
 */
sealed interface Normalizer {
    /** Rewrites a text in place. */
    void normalize(NormalizedText text);

    /** BERT's own cleaning; {@code stripAccents} is what the file says, or {@code lowercase} where it says null. */
    record BertNormalizer(boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase)
            implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            if (cleanText) {
                text.remove(CodePoints.REMOVED);
                text.blankSpaces();
            }
            if (handleChineseChars) {
                text.pad(CodePoints.PADDED);
            }
            if (stripAccents) {
                CanonicalDecomposition.apply(text);
                text.remove(CodePoints.NONSPACING);
            }
            if (lowercase) {
                text.lowerCase();
            }
        }
    }

    /** One after the other; an empty list changes nothing. */
    record Sequence(List<Normalizer> normalizers) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            normalizers.forEach(normalizer -> normalizer.normalize(text));
        }
    }

    record Lowercase() implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.lowerCase();
        }
    }

    record Nfd() implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            CanonicalDecomposition.apply(text);
        }
    }

    record StripAccents() implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.remove(CodePoints.MARK);
        }
    }

    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.strip(left, right);
        }
    }

    /** Replaces a literal string; the file's regular expressions are refused. */
    record Replace(String pattern, String content) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.replace(pattern, content);
        }
    }
}
