// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.server.EncoderServer;
import java.time.Duration;

/// What a signal does to a server. It runs in a shutdown hook.
final class Stop {

    private static final int LOOK_MILLIS = 50;
    /// 128 + SIGINT, 128 + SIGTERM.
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;

    private Stop() { }

    /// Finishes the requests that were taken, and ends the process with 0: a signal to stop is no failure, and the JVM's own exit
    /// code would say that it is. A second signal ends it at once.
    static void gracefully(EncoderServer server) {
        Thread closing = Thread.ofPlatform().daemon().name("encoder4j-close").start(server::close);
        try {
            while (!closing.join(Duration.ofMillis(LOOK_MILLIS))) {
                if (signals("SIGINT") + signals("SIGTERM") > 1) {
                    Runtime.getRuntime().halt(signals("SIGINT") > 1 ? INTERRUPTED : TERMINATED);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    /// Signals of a kind that came. The JVM starts a thread for each; while hooks run, all of them wait. It has no other way to tell
    /// of a second one.
    private static long signals(String name) {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() + 16];
        int count = all.enumerate(threads);
        long found = 0;
        for (int i = 0; i < count; i++) {
            found += threads[i].getName().equals(name + " handler") ? 1 : 0;
        }
        return found;
    }
}
