// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import java.util.Arrays;
import java.util.Collection;

/// How long the runs took: the median and the quartiles. Means are not used, because other load makes some runs much slower and
/// none faster.
///
/// @param median the median in seconds
/// @param low    the lower quartile: a quarter of the runs took less
/// @param high   the upper quartile: a quarter of the runs took more
/// @param runs   the number of runs
public record Spread(double median, double low, double high, int runs) {

    /// The spread of single runs, in seconds.
    ///
    /// @throws IllegalArgumentException if there is no run, or one is not a duration
    public static Spread of(Collection<Double> seconds) {
        double[] sorted = seconds.stream().mapToDouble(d -> d).sorted().toArray();
        if (sorted.length == 0 || !Arrays.stream(sorted).allMatch(s -> s > 0 && Double.isFinite(s))) {
            throw new IllegalArgumentException("expected durations in seconds, got " + seconds);
        }
        return new Spread(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), sorted.length);
    }

    /// A quantile. It interpolates between neighbours, as numpy does by default.
    private static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// The larger distance of a quartile from the median, in percent of the median.
    public double percent() {
        return 100 * Math.max(high - median, median - low) / median;
    }

    /// The rate per second if a run does `amount`.
    public double perSecond(double amount) {
        return amount / median;
    }
}
