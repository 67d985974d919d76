// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import org.jspecify.annotations.Nullable;

/// Options of one call to [Tokenizer#encode]. The tokenizer files' options are [Tokenizer#options()].
///
/// @param addSpecialTokens whether the post-processor's special tokens (`[CLS]`, `[SEP]`) are added
/// @param truncation how a text that is too long is cut, or null if it is not cut
public record EncodeOptions(boolean addSpecialTokens, @Nullable Truncation truncation) {
    private static final EncodeOptions DEFAULTS = new EncodeOptions(true, null);

    /// Special tokens, and no truncation.
    public static EncodeOptions defaults() {
        return DEFAULTS;
    }

    /// These options with another limit. Strategy and direction stay; without a truncation they become longest first
    /// and right.
    public EncodeOptions withMaxLength(int maxLength) {
        return withTruncation(truncation == null ? new Truncation(maxLength) : truncation.withMaxLength(maxLength));
    }

    /// These options with a truncation.
    public EncodeOptions withTruncation(Truncation newTruncation) {
        return new EncodeOptions(addSpecialTokens, newTruncation);
    }

    /// These options without a limit.
    public EncodeOptions withoutTruncation() {
        return new EncodeOptions(addSpecialTokens, null);
    }

    /// These options with special tokens or without.
    public EncodeOptions withAddSpecialTokens(boolean add) {
        return new EncodeOptions(add, truncation);
    }
}
