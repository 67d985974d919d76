// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.util.Locale;

/// One measurement of a server under load. Latencies are in milliseconds, from the time a request was meant to be sent: a client that
/// is late itself, or waits for a free connection, counts too. NaN where there were none.
///
/// @param load              how it was made: `64 clients`, `2.0 × capacity`
/// @param offered           requests a second that were sent; NaN where the clients waited for answers
/// @param seconds           of it
/// @param accepted          requests answered with 200
/// @param rejected          with 429
/// @param failed            with anything else, or not at all
/// @param withoutRetryAfter rejections that do not say when to try again
/// @param tokens            computed for the accepted
/// @param p50               half of the accepted took less
/// @param p99               of a hundred, 99
/// @param p999              of a thousand, 999
/// @param rejectedP99       of the rejections
public record LoadFigure(String load, double offered, double seconds, long accepted, long rejected, long failed,
        long withoutRetryAfter, long tokens, double p50, double p99, double p999, double rejectedP99) {

    /// Accepted requests a second.
    public double goodput() {
        return accepted / seconds;
    }

    /// Tokens a second.
    public double tokensPerSecond() {
        return tokens / seconds;
    }

    /// The line above the lines.
    public static String header() {
        return "%-20s %9s %9s %10s %9s %7s %8s %8s %8s %9s".formatted("load", "offered/s", "goodput/s", "tokens/s", "429", "failed",
                "p50 ms", "p99 ms", "p99.9 ms", "429 p99");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%-20s %9s %9.0f %10.0f %9d %7d %8s %8s %8s %9s", load, number(offered, "%.0f"), goodput(),
                tokensPerSecond(), rejected, failed, number(p50, "%.1f"), number(p99, "%.1f"), number(p999, "%.1f"),
                number(rejectedP99, "%.1f"));
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }
}
