// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import java.util.Arrays;
import java.util.Collection;

/// How long the runs took: the median, and the quartiles, between which half of them lie. Means are not used, for other load makes
/// some runs much slower and none faster.
///
/// @param median seconds
/// @param low    a quarter of the runs took less
/// @param high   a quarter of the runs took more
/// @param runs   how many there were
public record Spread(double median, double low, double high, int runs) {

    /// Of single runs, in seconds.
    ///
    /// @throws IllegalArgumentException if there is none, or one is no duration
    public static Spread of(Collection<Double> seconds) {
        double[] sorted = seconds.stream().mapToDouble(d -> d).sorted().toArray();
        if (sorted.length == 0 || !Arrays.stream(sorted).allMatch(s -> s > 0 && Double.isFinite(s))) {
            throw new IllegalArgumentException("expected durations in seconds, got " + seconds);
        }
        return new Spread(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), sorted.length);
    }

    /// Between neighbours, as numpy does by default.
    private static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// How far the quartiles are from the median, at most, in percent of it.
    public double percent() {
        return 100 * Math.max(high - median, median - low) / median;
    }

    /// How many of `amount` a second.
    public double perSecond(double amount) {
        return amount / median;
    }
}
