// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import org.jspecify.annotations.Nullable;

/// A text, or two that are looked at together: question and passage, premise and hypothesis.
///
/// @param text the text, or the first
/// @param pair the second, or null
public record TextPair(String text, @Nullable String pair) {

    /// A text alone.
    ///
    /// @param text the text
    /// @return it, without a second
    public static TextPair of(String text) {
        return new TextPair(text, null);
    }
}
