// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import java.util.Locale;

/// How far a number may be from the reference's: `|ours - expected| ≤ absolute + relative · |expected|`.
record Tolerance(double absolute, double relative) {

    /// Whole models in float32, every intermediate: errors grow with the values and the layers.
    static final Tolerance MODEL = new Tolerance(1e-4, 1e-4);

    /// One torch module.
    static final Tolerance LAYER = new Tolerance(1e-5, 0);

    /// Whether a value is near enough. Not a number never is, not even where the reference has none either.
    boolean holds(float expected, float actual) {
        return Math.abs((double) actual - expected) <= absolute + relative * Math.abs((double) expected);
    }

    @Override
    public String toString() {
        return relative == 0 ? number(absolute) : number(absolute) + " + " + number(relative) + "·|x|";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.0e", value).replaceAll("e([+-])0", "e$1");
    }
}
