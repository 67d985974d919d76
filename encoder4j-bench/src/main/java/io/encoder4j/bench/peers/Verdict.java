// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Whether a bar was reached.
///
/// @param what     what is compared with what
/// @param measured the ratio or share; empty if it was not measured
/// @param atLeast  the ratio or share that is required
/// @param skipped  why the bar does not count here, or null if it counts
public record Verdict(String what, OptionalDouble measured, double atLeast, @Nullable String skipped) {

    /// Whether the bar counts and was not reached. A bar that was neither measured nor skipped is missed, too.
    public boolean missed() {
        return skipped == null && !(measured.orElse(Double.NaN) >= atLeast);
    }

    /// The table's header.
    public static String header() {
        return "%-64s %9s %9s".formatted("bar", "measured", "at least");
    }

    @Override
    public String toString() {
        String ratio = measured.isPresent() ? String.format(Locale.ROOT, "%.2f", measured.getAsDouble()) : "-";
        String outcome = skipped != null ? "skipped: " + skipped : missed() ? "MISSED" : "ok";
        return String.format(Locale.ROOT, "%-64s %9s %9.2f  %s", what, ratio, atLeast, outcome);
    }
}
