// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// A way from the rows of one sequence to a single row, feature by feature. Sums are in double precision, in the rows' order,
/// and rounded once.
public enum Reduction {

    /// The first row.
    FIRST,
    /// The last row.
    LAST,
    /// The largest value; not a number if one of them is not.
    MAX,
    /// The sum.
    SUM,
    /// The mean.
    MEAN,
    /// The sum divided by the square root of the number of rows.
    MEAN_SQRT_LENGTH,
    /// The mean weighted by position: 1 for the sequence's first row, 2 for the second, …
    WEIGHTED_MEAN
}
