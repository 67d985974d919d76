// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import io.encoder4j.sentence.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to do differently from what the model's folder says; [#defaults] changes nothing.
///
/// @param poolings   in place of the folder's pooling; empty for the folder's
/// @param normalize  whether vectors get length one; null for the folder's way
/// @param prompt     put before every text; null for none but a named one
/// @param promptName name of one of the folder's prompts; null for the folder's default, if it has one
/// @param dimensions how many of the first dimensions are kept (Matryoshka); 0 for the folder's number or all. A model that
///                   normalises does so again after the cut, so that its vectors always have length one; sentence-transformers
///                   cuts only, unless `normalize_embeddings` is given. The direction is the same
/// @param maxLength  tokens kept of a text, special ones included; 0 for the folder's limit
/// @param truncate   what happens to a longer text
/// @param route      the route of the folder's Router that every text takes: `query`, `document` or another; null for the
///                   folder's choice
public record EmbedOptions(List<Pooling> poolings, @Nullable Boolean normalize, @Nullable String prompt,
        @Nullable String promptName, int dimensions, int maxLength, Truncate truncate,
        @Nullable String route) {

    /// What happens to a text with more tokens than the limit.
    public enum Truncate {
        /// It is cut on the side that the folder names (`truncation_side`), or else its end is.
        FOLDER,
        /// Its end is cut off.
        RIGHT,
        /// Its beginning is cut off.
        LEFT,
        /// It is refused.
        ERROR
    }

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if both a prompt and a name are given, or a number is negative
    public EmbedOptions {
        poolings = List.copyOf(poolings);
        if (prompt != null && promptName != null) {
            throw new IllegalArgumentException("give a prompt or the name of one, not both: '" + prompt + "' and '"
                    + promptName + "'");
        }
        if (dimensions < 0 || maxLength < 0) {
            throw new IllegalArgumentException("dimensions and maxLength must not be negative, got " + dimensions
                    + " and " + maxLength);
        }
    }

    /// {@return everything as the model's folder says}
    public static EmbedOptions defaults() {
        return new EmbedOptions(List.of(), null, null, null, 0, 0, Truncate.FOLDER, null);
    }

    /// The same with that pooling, or several concatenated.
    ///
    /// @param other in this order; none for the folder's
    /// @return the changed options
    public EmbedOptions withPoolings(Pooling... other) {
        return new EmbedOptions(List.of(other), normalize, prompt, promptName, dimensions, maxLength, truncate, route);
    }

    /// The same, normalising or not.
    ///
    /// @param other null for the folder's way
    /// @return the changed options
    public EmbedOptions withNormalize(@Nullable Boolean other) {
        return new EmbedOptions(poolings, other, prompt, promptName, dimensions, maxLength, truncate, route);
    }

    /// The same with that text put before every input.
    ///
    /// @param other null for none but a named one
    /// @return the changed options
    public EmbedOptions withPrompt(@Nullable String other) {
        return new EmbedOptions(poolings, normalize, other, promptName, dimensions, maxLength, truncate, route);
    }

    /// The same with one of the folder's prompts.
    ///
    /// @param other null for the folder's default, if it has one
    /// @return the changed options
    public EmbedOptions withPromptName(@Nullable String other) {
        return new EmbedOptions(poolings, normalize, prompt, other, dimensions, maxLength, truncate, route);
    }

    /// The same, keeping that many dimensions.
    ///
    /// @param other 0 for the folder's number or all
    /// @return the changed options
    public EmbedOptions withDimensions(int other) {
        return new EmbedOptions(poolings, normalize, prompt, promptName, other, maxLength, truncate, route);
    }

    /// The same, keeping that many tokens.
    ///
    /// @param other special tokens included; 0 for the folder's limit
    /// @return the changed options
    public EmbedOptions withMaxLength(int other) {
        return new EmbedOptions(poolings, normalize, prompt, promptName, dimensions, other, truncate, route);
    }

    /// The same with another way to treat texts that are too long.
    ///
    /// @param other what happens to such a text
    /// @return the changed options
    public EmbedOptions withTruncate(Truncate other) {
        return new EmbedOptions(poolings, normalize, prompt, promptName, dimensions, maxLength, other, route);
    }

    /// The same through a route of the folder's Router (sentence-transformers' `encode(…, task=…)`).
    ///
    /// @param other null for the folder's choice
    /// @return the changed options
    public EmbedOptions withRoute(@Nullable String other) {
        return new EmbedOptions(poolings, normalize, prompt, promptName, dimensions, maxLength, truncate, other);
    }
}
