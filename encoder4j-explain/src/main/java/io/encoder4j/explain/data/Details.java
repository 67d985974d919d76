// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import io.encoder4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What only one kind of step has.
public sealed interface Details {

    /// Of a norm: mean and variance of each row, before and after.
    ///
    /// @param eps            added to the variance
    /// @param beforeMean     `[T]`; null for a norm that takes no mean
    /// @param beforeVariance `[T]`; the mean of the squares for a norm that takes no mean
    /// @param afterMean      `[T]`
    /// @param afterVariance  `[T]`
    record Moments(double eps, @Nullable Tensor beforeMean, Tensor beforeVariance, Tensor afterMean, Tensor afterVariance)
            implements Details { }

    /// Of a residual connection: lengths of the rows of what comes along and of what is added.
    ///
    /// @param stream `[T]`
    /// @param added  `[T]`
    record Lengths(Tensor stream, Tensor added) implements Details { }

    /// Of an activation: which units fire.
    ///
    /// @param function its name
    /// @param firing   part of all values that are above zero
    /// @param top      the largest values of each token
    record Firing(String function, double firing, List<Unit> top) implements Details {

        /// A value of a token.
        ///
        /// @param token the token
        /// @param unit  the feature
        /// @param value its value
        public record Unit(int token, int unit, double value) { }
    }

    /// Of the scores of a head: how they are scaled, and the arithmetic of one of them.
    ///
    /// @param scale  what products are multiplied by
    /// @param window how far a token sees to either side; null for all
    /// @param cell   one of them, to the probability
    record Scores(double scale, @Nullable Integer window, Cell cell) implements Details { }

    /// The arithmetic of one attention weight.
    ///
    /// @param query       the token that looks
    /// @param key         the token it looks at
    /// @param q           its query, `[D]`
    /// @param k           the other's key, `[D]`
    /// @param products    their products, `[D]`
    /// @param dot         the sum of these
    /// @param scale       what it is multiplied by
    /// @param bias        what is added
    /// @param score       the result: `dot · scale + bias`
    /// @param max         the largest score of the row
    /// @param exp         `exp(score - max)`
    /// @param sum         of these over the row
    /// @param probability `exp / sum`
    record Cell(int query, int key, Tensor q, Tensor k, Tensor products, double dot, double scale, double bias, double score,
            double max, double exp, double sum, double probability) { }

    /// Of a step that takes the columns of a head.
    ///
    /// @param head which
    /// @param from its first column
    /// @param to   the first column that no longer belongs
    record Columns(int head, int from, int to) implements Details { }

    /// Of rotary positions: the angles.
    ///
    /// @param pairs       pairs of features that turn
    /// @param interleaved whether a pair is two neighbours, else feature i and i + pairs
    /// @param cos         `[T, pairs]`
    /// @param sin         `[T, pairs]`
    record Angles(int pairs, boolean interleaved, Tensor cos, Tensor sin) implements Details { }

    /// Of what is added to scores by distance.
    ///
    /// @param reach the largest distance told
    /// @param bias  `[N, 2 · reach + 1]`, from distance `-reach` on
    record ByDistance(int reach, Tensor bias) implements Details { }

    /// Of the sine curves of the paper.
    ///
    /// @param used whether the model uses them
    record Sines(boolean used) implements Details { }

    /// Of pooling.
    ///
    /// @param reductions how
    /// @param tokens     how many tokens were pooled
    record Pooled(List<String> reductions, int tokens) implements Details { }

    /// Of a text's vector.
    ///
    /// @param length of the vector
    record Length(double length) implements Details { }
}
