// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// The complementary error function in double precision.
///
/// Below 2 by the Maclaurin series of erf, above by the continued fraction of erfc (Abramowitz and Stegun 7.1.6 and 7.1.14).
/// Relative error below 1e-13 over the range where the result is not denormal: this is the definition, not the fast path.
final class Erf {

    private static final double SERIES_LIMIT = 2.0;

    private Erf() { }

    static double erfc(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (x < 0) {
            return 2 - erfc(-x);
        }
        return x < SERIES_LIMIT ? 1 - erfSeries(x) : x > 27 ? 0 : erfcFraction(x);
    }

    // erf(x) = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)): all terms positive, so nothing cancels.
    private static double erfSeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17 && n < 200; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    // √π e^(x²) erfc(x) = 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), evaluated from the tail.
    private static double erfcFraction(double x) {
        double tail = x;
        for (int n = 80; n >= 1; n--) {
            tail = x + n / 2.0 / tail;
        }
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
    }
}
