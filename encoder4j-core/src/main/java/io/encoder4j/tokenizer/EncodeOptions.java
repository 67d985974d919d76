// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import org.jspecify.annotations.Nullable;

/// Options of one call to [Tokenizer#encode]. The tokenizer files' options are [Tokenizer#options()].
///
/// @param addSpecialTokens whether the post-processor's special tokens (`[CLS]`, `[SEP]`) are added
/// @param truncation how a text that is too long is cut, or null if it is not cut
public record EncodeOptions(boolean addSpecialTokens, @Nullable Truncation truncation) {
    private static final EncodeOptions DEFAULTS = new EncodeOptions(true, null);

    /// {@return special tokens, and no truncation}
    public static EncodeOptions defaults() {
        return DEFAULTS;
    }

    /// {@return these options with another limit} Strategy and direction stay; without a truncation they become longest first
    /// and right.
    ///
    /// @param maxLength tokens kept, special ones included
    public EncodeOptions withMaxLength(int maxLength) {
        return withTruncation(truncation == null ? new Truncation(maxLength) : truncation.withMaxLength(maxLength));
    }

    /// {@return these options with a truncation}
    ///
    /// @param newTruncation how texts are cut, or null for not at all
    public EncodeOptions withTruncation(Truncation newTruncation) {
        return new EncodeOptions(addSpecialTokens, newTruncation);
    }

    /// {@return these options without a limit}
    public EncodeOptions withoutTruncation() {
        return new EncodeOptions(addSpecialTokens, null);
    }

    /// {@return these options with special tokens or without}
    ///
    /// @param add whether special tokens are added
    public EncodeOptions withAddSpecialTokens(boolean add) {
        return new EncodeOptions(add, truncation);
    }
}
