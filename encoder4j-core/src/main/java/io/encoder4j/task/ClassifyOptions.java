// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import org.jspecify.annotations.Nullable;

/// How logits become labels with scores.
///
/// @param function  from logits to scores; null for what config.json says: none for `problem_type` `regression`, a sigmoid
///                  for `multi_label_classification` or one label, else a softmax
/// @param topK      labels given for a text at most; 0 for all
/// @param threshold labels with smaller scores are left out
public record ClassifyOptions(@Nullable ScoreFunction function, int topK, double threshold) {

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if the number of labels is negative
    public ClassifyOptions {
        if (topK < 0) {
            throw new IllegalArgumentException("topK must not be negative: " + topK);
        }
    }

    /// {@return all labels, with config.json's function}
    public static ClassifyOptions defaults() {
        return new ClassifyOptions(null, 0, Double.NEGATIVE_INFINITY);
    }

    /// These options with another number of labels.
    ///
    /// @param labels at most; 0 for all
    /// @return the changed options
    public ClassifyOptions withTopK(int labels) {
        return new ClassifyOptions(function, labels, threshold);
    }
}
