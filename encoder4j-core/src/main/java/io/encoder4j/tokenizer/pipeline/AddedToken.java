// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

/// A token that is found in a text before the model sees it.
///
/// @param id its id
/// @param content its text, not empty
/// @param singleWord whether it counts only where no word character touches it
/// @param lstrip whether it swallows white space before it
/// @param rstrip whether it swallows white space after it
/// @param normalized whether it is looked for, normalized itself, in the normalized text
/// @param special whether decoding may leave it out
public record AddedToken(int id, String content, boolean singleWord, boolean lstrip, boolean rstrip, boolean normalized,
        boolean special) {
    /// Searching costs at most this much per char, so a file cannot make it quadratic.
    public static final int MAX_LENGTH = 1_000;
}
