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

    private static final Tolerance BFLOAT16 = new Tolerance(Double.POSITIVE_INFINITY, 0, 0.9999);
    private static final Tolerance INT8 = new Tolerance(Double.POSITIVE_INFINITY, 0, 0.999);
    private static final Tolerance BETWEEN = new Tolerance(Double.POSITIVE_INFINITY, 0, -1);

    /// What a precision below float32 promises.
    static String promise(Precision precision) {
        return "final vectors need a cosine of " + BETWEEN.in(precision, true).cosine
                + " or more with the reference's; what is between is shown, not judged";
    }

    /// This tolerance, unless the precision has one of its own.
    ///
    /// @param last whether it is of final vectors, not of something between
    Tolerance in(Precision precision, boolean last) {
        return precision.isFloat32Grade() ? this : !last ? BETWEEN : precision == Precision.BFLOAT16 ? BFLOAT16 : INT8;
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
