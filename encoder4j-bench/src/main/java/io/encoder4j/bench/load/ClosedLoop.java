// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// A fixed number of clients. Each sends its next request when its last was answered. This finds the server's capacity. Latencies
/// under load need [OpenLoop].
public record ClosedLoop(int clients) {

    /// @throws IllegalArgumentException if there is no client
    public ClosedLoop {
        if (clients < 1) {
            throw new IllegalArgumentException("--clients must be at least 1, got " + clients);
        }
    }

    /// Sends requests for some seconds. Then it waits for the answers still missing, which count too, as does that time.
    public LoadFigure run(Target target, double seconds) {
        Tally tally = new Tally();
        AtomicLong next = new AtomicLong();
        long begin = System.nanoTime();
        long length = (long) (seconds * 1e9);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                threads.execute(() -> {
                    while (System.nanoTime() - begin < length) {
                        long sent = System.nanoTime();
                        tally.add(target.send(next.getAndIncrement()), System.nanoTime() - sent);
                    }
                });
            }
        }
        return tally.figure(clients + (clients == 1 ? " client" : " clients"), Double.NaN, (System.nanoTime() - begin) / 1e9);
    }
}
