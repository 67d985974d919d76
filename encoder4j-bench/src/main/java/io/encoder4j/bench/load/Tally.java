// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Counts replies and their latencies while many threads report them.
final class Tally {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;

    private final Histogram accepted = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
    private final Histogram rejected = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong withoutRetryAfter = new AtomicLong();

    /// @param nanos from when the request was meant to be sent to the answer's last byte
    void add(Reply reply, long nanos) {
        long micros = Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 1, LONGEST_MICROS);
        if (reply.ok()) {
            accepted.recordValue(micros);
            tokens.addAndGet(reply.tokens());
        } else if (reply.rejected()) {
            rejected.recordValue(micros);
            if (!reply.retryAfter()) {
                withoutRetryAfter.incrementAndGet();
            }
        } else {
            failed.incrementAndGet();
        }
    }

    LoadFigure figure(String load, double offered, double seconds) {
        return new LoadFigure(load, offered, seconds, accepted.getTotalCount(), rejected.getTotalCount(), failed.get(),
                withoutRetryAfter.get(), tokens.get(), millis(accepted, 50), millis(accepted, 99), millis(accepted, 99.9),
                millis(rejected, 99));
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
