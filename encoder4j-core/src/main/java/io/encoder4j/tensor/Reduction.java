// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// How the rows of one sequence become a single row, feature by feature. Sums use double precision, in the order of the rows,
/// and are rounded once.
public enum Reduction {

    /// The first row.
    FIRST,
    /// The last row.
    LAST,
    /// The largest value; NaN if one of them is NaN.
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
