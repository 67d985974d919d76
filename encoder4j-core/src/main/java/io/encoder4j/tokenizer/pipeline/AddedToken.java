// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

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
}
