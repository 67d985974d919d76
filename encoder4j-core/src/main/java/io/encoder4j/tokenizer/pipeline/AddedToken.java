// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import io.encoder4j.tokenizer.unicode.CodePoints;

/// A token that is found in a text before the model sees it.
///
/// @param id its id
/// @param content its text, not empty
/// @param singleWord whether it is found only where no word character is next to it
/// @param lstrip whether it includes the white space before it
/// @param rstrip whether it includes the white space after it
/// @param normalized whether its normalized content is searched in the normalized text
/// @param special whether decoding may skip it
public record AddedToken(int id, String content, boolean singleWord, boolean lstrip, boolean rstrip, boolean normalized,
        boolean special) {
    /// Bounds the search time per char, so that a file cannot make it quadratic.
    public static final int MAX_LENGTH = 1_000;
    private static final int MAX_NORMALIZED = 4 * MAX_LENGTH;

    /// What is searched for this token in a normalized text; empty if it is searched before.
    ///
    /// @throws TokenizerProblem if the normalizer makes the token too long
    public String normalizedBy(Normalizer normalizer) {
        if (!normalized) {
            return "";
        }
        char[] source = CodePoints.wellFormed(content);
        NormalizedText text = new NormalizedText(source, 0, source.length);
        normalizer.normalize(text);
        if (text.length() > MAX_NORMALIZED) {
            throw new TokenizerProblem("the normalizer makes " + text.length() + " chars of the added token of id " + id
                    + ", which has " + content.length() + "; at most " + MAX_NORMALIZED + " are allowed: check the file's normalizer");
        }
        return text.string(0, text.length());
    }
}
