// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.ByteChars;
import io.encoder4j.tokenizer.text.Decomposition;
import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.text.PrecompiledCharsmap;
import io.encoder4j.tokenizer.text.TextPattern;
import io.encoder4j.tokenizer.unicode.CodePoints;
import java.util.List;

/// The first stage: removes differences of spelling that do not matter to the model. Each record is named after its
/// type in the file.
public sealed interface Normalizer {
    /// Rewrites a text in place.
    void normalize(NormalizedText text);

    /// BERT's normalization. If the file says null for `strip_accents`, `stripAccents` is the value of `lowercase`.
    record BertNormalizer(boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase)
            implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            if (cleanText) {
                text.remove(CodePoints.REMOVED);
                text.blankIf(unit -> (CodePoints.flags(unit) & CodePoints.SPACE) != 0);
            }
            if (handleChineseChars) {
                text.pad(CodePoints.PADDED);
            }
            if (stripAccents) {
                Decomposition.decompose(text, false);
                text.remove(CodePoints.NONSPACING);
            }
            if (lowercase) {
                text.lowerCase();
            }
        }
    }

    /// One after the other; an empty list changes nothing.
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

    /// NFC, NFD, NFKC and NFKD.
    record Form(boolean compatible, boolean composed) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            if (composed) {
                Decomposition.compose(text, compatible);
            } else {
                Decomposition.decompose(text, compatible);
            }
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

    record Replace(TextPattern pattern, String content) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.replace(pattern, content);
        }
    }

    /// Puts a string before a text that is not empty.
    record Prepend(String prepend) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.prepend(prepend);
        }
    }

    /// SentencePiece's clean-up for translation: removes controls, and turns unusual white space into spaces.
    record Nmt() implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            text.removeIf(point -> point > 0 && point < 9 || point == 0xB || point > 0xD && point < 0x20
                    || point == 0x7F || point == 0x8F || point == 0x9F);
            text.blankIf(unit -> switch (unit) {
                case 0x9, 0xA, 0xC, 0xD, 0x1680, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
                        0xFFFD -> true;
                default -> false;
            });
        }
    }

    record Precompiled(PrecompiledCharsmap charsmap) implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            charsmap.apply(text);
        }
    }

    /// Replaces each byte by a character.
    record ByteLevel() implements Normalizer {
        @Override
        public void normalize(NormalizedText text) {
            ByteChars.apply(text);
        }
    }
}
