// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.util.Locale;

/// One measurement of a server under load. Latencies are in milliseconds and count from the time when a request was meant to be
/// sent. So they include the time that the client was late or waited for a free connection. They are NaN if there was no request.
///
/// @param load              the kind of load: `64 clients`, `2.0 × capacity`
/// @param offered           requests sent per second; NaN where the clients waited for answers
/// @param seconds           how long it took
/// @param accepted          requests answered with 200
/// @param rejected          requests answered with 429
/// @param failed            requests with another answer, or none
/// @param withoutRetryAfter rejections without the header Retry-After
/// @param tokens            tokens computed for the accepted requests
/// @param p50               the latency's median, of accepted requests
/// @param p99               its 99th percentile
/// @param p999              its 99.9th percentile
/// @param rejectedP99       the 99th percentile of the rejections' latency
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

    /// The table's header.
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
