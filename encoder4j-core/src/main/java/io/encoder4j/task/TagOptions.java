// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Set;

/// How parts of a text are labelled.
///
/// @param aggregation  how tokens become entities
/// @param ignoreLabels labels, or kinds, that are left out
/// @param threshold    entities with smaller scores are left out
/// @param stride       tokens by which the windows of a long text overlap; 128, or half of what a window has for the text
public record TagOptions(Aggregation aggregation, Set<String> ignoreLabels, double threshold, int stride) {

    /// How tokens become entities.
    public enum Aggregation {
        /// Each token by itself, its label as it is: `B-PER`.
        NONE,
        /// Neighbours of one kind are one entity; a label `B-` begins another.
        SIMPLE,
        /// As [#SIMPLE], and the first token of a word speaks for the word.
        FIRST,
        /// As [#SIMPLE], and a word's probabilities are the mean of its tokens'.
        AVERAGE,
        /// As [#SIMPLE], and the token with the largest probability speaks for the word.
        MAX
    }

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if the stride is negative
    public TagOptions {
        if (stride < 0) {
            throw new IllegalArgumentException("stride must not be negative: " + stride);
        }
    }

    /// {@return merged by kind, without what is `O`, outside all entities}
    public static TagOptions defaults() {
        return new TagOptions(Aggregation.SIMPLE, Set.of("O"), 0, 128);
    }

    /// These options with another way to merge.
    ///
    /// @param other how tokens become entities
    /// @return the changed options
    public TagOptions withAggregation(Aggregation other) {
        return new TagOptions(other, ignoreLabels, threshold, stride);
    }

    /// These options with windows that overlap by other than 128 tokens.
    ///
    /// @param tokens by which windows overlap
    /// @return the changed options
    public TagOptions withStride(int tokens) {
        return new TagOptions(aggregation, ignoreLabels, threshold, tokens);
    }
}
