// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The threads of a queue. None of them should end before its time; the one that does is not replaced, since what it left is wrong.
final class Lanes {

    private final List<Thread> threads;
    private volatile @Nullable Throwable dead;

    /// @param name   of the model
    /// @param work   of each; returns when the queue is closed
    /// @param ofShort of one more, for short requests
    /// @param failed is told what ended one before its time
    Lanes(String name, int count, Runnable work, Runnable ofShort, Consumer<Throwable> failed) {
        String prefix = "encoder4j-lane-" + name + "-";
        threads = Stream.concat(IntStream.range(0, count).mapToObj(i -> thread(prefix + i, work, failed)),
                Stream.of(thread(prefix + "short", ofShort, failed))).toList();
    }

    private Thread thread(String name, Runnable work, Consumer<Throwable> failed) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> run(work, failed));
    }

    private void run(Runnable work, Consumer<Throwable> failed) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // A fault of ours, or memory that is not even enough for a list.
            dead = e;
            failed.accept(e);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /// What ended one before its time; null while all are well.
    @Nullable Throwable dead() {
        return dead;
    }

    void join() {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
