// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// How a bar was met.
///
/// @param what     is compared with what
/// @param measured the ratio or share; empty if it was not measured
/// @param atLeast  what it should be
/// @param skipped  why it does not count here, or null if it does
public record Verdict(String what, OptionalDouble measured, double atLeast, @Nullable String skipped) {

    /// Whether it counts and was not reached. What was not measured and not skipped is missed too: silence is no success.
    public boolean missed() {
        return skipped == null && !(measured.orElse(Double.NaN) >= atLeast);
    }

    /// The line above.
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
