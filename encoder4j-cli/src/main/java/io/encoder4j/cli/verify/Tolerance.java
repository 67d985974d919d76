// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.kernel.Precision;
import java.util.Locale;

/// How far a number may be from the reference's: `|ours - expected| ≤ absolute + relative · |expected|`; and the smallest
/// cosine a row may have with the reference's, -1 for any.
record Tolerance(double absolute, double relative, double cosine) {

    /// Whole models in float32, every intermediate: errors grow with the values and the layers.
    static final Tolerance MODEL = new Tolerance(1e-4, 1e-4, -1);

    /// One torch module.
    static final Tolerance LAYER = new Tolerance(1e-5, 0, -1);

    /// What bfloat16 promises.
    static final String BFLOAT16_PROMISE = "final vectors need a cosine of 0.9999 or more with the reference's; what is"
            + " between is shown, not judged";

    private static final Tolerance BFLOAT16 = new Tolerance(Double.POSITIVE_INFINITY, 0, 0.9999);
    private static final Tolerance BFLOAT16_BETWEEN = new Tolerance(Double.POSITIVE_INFINITY, 0, -1);

    /// This tolerance, unless the precision has one of its own.
    ///
    /// @param last whether it is of final vectors, not of something between
    Tolerance in(Precision precision, boolean last) {
        return precision != Precision.BFLOAT16 ? this : last ? BFLOAT16 : BFLOAT16_BETWEEN;
    }

    /// Whether a value is near enough. Not a number never is, not even where the reference has none either.
    boolean holds(float expected, float actual) {
        return Float.isFinite(actual)
                && Math.abs((double) actual - expected) <= absolute + relative * Math.abs((double) expected);
    }

    @Override
    public String toString() {
        if (absolute == Double.POSITIVE_INFINITY) {
            return cosine < 0 ? "none" : "cosine ≥ " + cosine;
        }
        return relative == 0 ? number(absolute) : number(absolute) + " + " + number(relative) + "·|x|";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.0e", value).replaceAll("e([+-])0", "e$1");
    }
}
