// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A fixed number of threads that share the blocks of one operation; the calling thread takes part. While the others work for
/// another caller, a caller does all of its own work alone, so many callers never need more threads.
public final class Workers implements AutoCloseable {

    // An operation of a small model takes some tens of microseconds; parking and waking a thread costs as much.
    private static final long SPIN_NANOS = 50_000;

    private final int threads;
    private final AtomicReference<@Nullable Job> current = new AtomicReference<>();
    // Grows when a job has work for more threads.
    private volatile Thread[] helpers = {};
    private volatile boolean closed;

    private Workers(int threads) {
        this.threads = threads;
    }

    /// {@return workers for `threads` threads, including the caller} Threads are started when there is work for them.
    ///
    /// @param threads how many, the caller among them
    /// @throws IllegalArgumentException if `threads` is less than one
    public static Workers of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
        return new Workers(threads);
    }

    /// {@return only the calling thread}
    public static Workers single() {
        return new Workers(1);
    }

    /// {@return number of threads, including the caller}
    public int threads() {
        return threads;
    }

    /// {@return how many blocks of `size` cover `count`}
    ///
    /// @param count how many things there are
    /// @param size  how many a block holds
    public static int blocks(int count, int size) {
        return (count + size - 1) / size;
    }

    /// Runs `task` once for each of `0 … count - 1`, in any order and on any thread, and returns when all are done. If one
    /// throws, its exception is thrown here after the others have ended.
    ///
    /// @param count how many calls
    /// @param task  is called with each number from 0
    public void forEach(int count, IntConsumer task) {
        if (threads == 1 || count < 2) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        Job job = new Job(count, task);
        boolean shared = current.compareAndSet(null, job);
        if (shared) {
            for (Thread helper : helpersFor(count)) {
                LockSupport.unpark(helper);
            }
        }
        job.work();
        job.await();
        if (shared) {
            current.compareAndSet(job, null);
        }
        job.rethrow();
    }

    /// The helpers; enough of them for so many blocks, up to the limit.
    private Thread[] helpersFor(int count) {
        int wanted = Math.min(threads, count) - 1;
        Thread[] now = helpers;
        return now.length >= wanted ? now : started(wanted);
    }

    private synchronized Thread[] started(int wanted) {
        Thread[] now = helpers;
        if (now.length < wanted && !closed) {
            int before = now.length;
            now = Arrays.copyOf(now, wanted);
            for (int i = before; i < wanted; i++) {
                now[i] = Thread.ofPlatform().daemon().name("encoder4j-" + (i + 1)).start(this::help);
            }
            helpers = now;
        }
        return now;
    }

    private void help() {
        long idleSince = System.nanoTime();
        while (!closed) {
            Job job = current.get();
            if (job != null && job.work()) {
                idleSince = System.nanoTime();
            } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                idleSince = System.nanoTime();
            }
        }
    }

    /// Ends the threads when they are idle.
    @Override
    public synchronized void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    /// The blocks of one operation, with counts of those that were taken and those that are done.
    private static final class Job {
        private final int count;
        private final IntConsumer task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread caller = Thread.currentThread();

        Job(int count, IntConsumer task) {
            this.count = count;
            this.task = task;
        }

        /// Runs blocks until none is left; false if there were none.
        boolean work() {
            boolean worked = false;
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                worked = true;
                try {
                    task.accept(i);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
                if (done.incrementAndGet() == count) {
                    LockSupport.unpark(caller);
                }
            }
            // Helpers may poll a finished job many times; the counter must not overflow.
            next.set(count);
            return worked;
        }

        void await() {
            long start = System.nanoTime();
            while (done.get() < count) {
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> { }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException(t);
            }
        }
    }
}
