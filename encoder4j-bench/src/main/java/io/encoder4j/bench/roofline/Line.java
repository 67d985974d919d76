// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.roofline;

import io.encoder4j.bench.measure.Spread;
import java.util.Locale;
import java.util.OptionalDouble;

/// One kernel's rate beside its peak.
///
/// @param kernel    the kernel's name and shape: `linear 4096×384×1536`
/// @param precision the precision that was asked for
/// @param threads   how many threads run at once
/// @param seconds   the time of one run
/// @param achieved  the rate
/// @param unit      of both rates: `GFLOP/s`, `GB/s`, `Gexp/s`
/// @param peak      the highest rate; empty where there is none
public record Line(String kernel, String precision, int threads, Spread seconds, double achieved, String unit,
        OptionalDouble peak) {

    /// The share of the peak; 1 is all of it.
    public OptionalDouble share() {
        return peak.isPresent() ? OptionalDouble.of(achieved / peak.getAsDouble()) : OptionalDouble.empty();
    }

    /// The table's header.
    public static String header() {
        return "%-34s %-9s %7s %12s %-8s %9s %7s %10s".formatted("kernel", "precision", "threads", "achieved", "", "peak",
                "share", "µs");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%-34s %-9s %7d %12.1f %-8s %9s %7s %10.1f", kernel, precision, threads, achieved,
                unit, peak.isPresent() ? String.format(Locale.ROOT, "%.1f", peak.getAsDouble()) : "-",
                share().isPresent() ? String.format(Locale.ROOT, "%.0f %%", 100 * share().getAsDouble()) : "-",
                seconds.median() * 1e6);
    }
}
