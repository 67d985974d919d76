// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import org.jspecify.annotations.Nullable;

/// The outcome for one thing a golden holds.
sealed interface Result {

    /// Its name in the golden.
    String name();

    /// Whether everything in it was compared and holds.
    boolean ok();

    /// Where and how it first differs, or why it was not compared; null if it holds.
    @Nullable String difference();

    /// A tensor.
    ///
    /// @param shape     as the golden has it
    /// @param compared  values compared; padding is not
    /// @param maxError  largest absolute error; infinite if one is not a number
    /// @param scaled    largest error over `1 + |expected|`, what a tolerance that grows with the values bounds
    /// @param minCosine smallest cosine between a row of ours and the reference's, along the last dimension
    record OfTensor(String name, int[] shape, long compared, double maxError, double scaled, double minCosine,
            Tolerance tolerance, @Nullable String difference) implements Result {

        /// The error as the tolerance measures it: a part of `1 + |expected|` for models, absolute for torch modules.
        double error() {
            return tolerance.relative() > 0 ? scaled : maxError;
        }

        @Override
        public boolean ok() {
            return difference == null;
        }
    }

    /// A field of a tokenizer's answers.
    ///
    /// @param lines      answers that have the field
    /// @param mismatches answers where ours is another
    record OfField(String name, int lines, int mismatches, @Nullable String difference) implements Result {

        @Override
        public boolean ok() {
            return difference == null;
        }
    }
}
