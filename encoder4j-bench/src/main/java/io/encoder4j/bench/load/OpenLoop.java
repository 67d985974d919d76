// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// Requests that arrive at their own times, as people's do, whether or not the server keeps up. The times between them are random
/// (exponential) with a fixed seed. A latency counts from the time when a request was meant to be sent, so a slow answer cannot
/// hide that later requests were sent late because of it ("coordinated omission").
///
/// @param rate requests a second on average
/// @param seed of the times between requests
public record OpenLoop(double rate, long seed) {

    /// @throws IllegalArgumentException if the rate is not above 0
    public OpenLoop {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("the rate must be above 0 requests a second, got " + rate);
        }
    }

    /// Sends requests for some seconds, then waits for the answers. The rates of the figure are per second of both times together.
    ///
    /// @param multiple the rate divided by the server's capacity, for the figure's name
    public LoadFigure run(Target target, double seconds, double multiple) {
        Tally tally = new Tally();
        SplittableRandom random = new SplittableRandom(seed);
        long begin = System.nanoTime();
        long length = (long) (seconds * 1e9);
        long sent = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (double at = gap(random); at < length; at += gap(random)) {
                long intended = begin + (long) at;
                waitUntil(intended);
                long index = sent++;
                threads.execute(() -> tally.add(target.send(index), System.nanoTime() - intended));
            }
        }
        return tally.figure(String.format(Locale.ROOT, "%.2f × capacity", multiple), sent / seconds,
                (System.nanoTime() - begin) / 1e9);
    }

    /// Nanoseconds until the next request.
    private double gap(SplittableRandom random) {
        return -Math.log1p(-random.nextDouble()) * 1e9 / rate;
    }

    private static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
