// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

/// How long a text may become. A file may ask for step after step that each double it.
///
/// @param given the length of the text, in chars
public record GrowthLimit(long given) {
    /// Unicode's longest decomposition has 18 characters, of 3 bytes at most, and each byte may become a char.
    private static final long TIMES = 64;
    private static final long SPARE = 1 << 20;

    /// @param length the length that a text is about to have
    /// @throws TokenizerProblem if that is more than 64 times the given one and 1,048,576
    public void check(long length) {
        if (length > TIMES * given + SPARE) {
            throw new TokenizerProblem("the tokenizer's file makes more than " + (TIMES * given + SPARE) + " chars of a text of "
                    + given + "; at most 64 times its length and 1048576 are allowed: check the file's normalizer, pre_tokenizer"
                    + " and decoder");
        }
    }
}
