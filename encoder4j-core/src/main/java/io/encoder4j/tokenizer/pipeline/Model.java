// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.NormalizedText;

/// The third stage: splits a word into tokens.
public sealed interface Model permits WordPiece, WordLevel, Bpe, Unigram {
    /// Appends the tokens of the word `from` (inclusive) to `to` (exclusive), which is not empty.
    void tokenize(NormalizedText text, int from, int to, TokenBuffer tokens);

    /// The id of the token that stands for what is unknown, or -1 if the files name none.
    int unknownId();
}
