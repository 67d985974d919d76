// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import io.encoder4j.server.failure.RequestFailure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The queue of one model. Threads of its own, the lanes, take inputs of many requests from it and compute them together. There is
/// no timer: a lane that is free takes what is there, and while it computes the next batch gathers.
///
/// One more lane is for short requests while all others are busy with long ones: a batch of those takes as long as many short requests.
/// It shares the processors with the others, and has nothing to do as long as nobody sends long requests.
public final class ModelQueue implements AutoCloseable {

    /// Tokens that may wait in any case.
    private static final int TOKENS_BEFORE = 1024;
    /// Below this a batch is not made smaller to give every lane a share.
    private static final int LEAST_TOKENS = 128;
    /// A request of at most so many tokens is short.
    private static final int SHORT_TOKENS = 128;
    /// A request of more tokens is long.
    private static final int LONG_TOKENS = 512;

    private final int batchTokens;
    private final int requestsBefore;
    private final BatchListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition shortArrived = lock.newCondition();
    private final Line waiting = new Line();
    private final Set<Job<?>> jobs = new LinkedHashSet<>();
    private final Lanes lanes;
    private final int laneCount;
    private int busy;
    /// Lanes that compute something of long requests.
    private int busyWithLong;
    private boolean closed;
    private volatile double tokensPerSecond = 1000;

    /// @param name        of the model, for the threads
    /// @param lanes       threads that compute
    /// @param batchTokens tokens that one computes together
    /// @param requestsBefore requests of its own size that a request may find before it; with more it would wait so long that it is
    ///                       better told at once
    public ModelQueue(String name, int lanes, int batchTokens, int requestsBefore, BatchListener listener) {
        this.batchTokens = batchTokens;
        this.requestsBefore = requestsBefore;
        this.listener = listener;
        laneCount = lanes;
        this.lanes = new Lanes(name, lanes, () -> lane(this::next), () -> lane(this::nextShort), listener::failed);
        this.lanes.start();
    }

    /// Throws if a request of that many tokens would have to wait too long, from what is known before it is tokenized.
    ///
    /// @throws RequestFailure 429
    public void requireRoom(long tokens) {
        lock.lock();
        try {
            long before = 0;
            for (Job<?> job : jobs) {
                before += Math.min(job.tokensLeft, tokens);
            }
            if (before > Math.max(TOKENS_BEFORE, requestsBefore * tokens)) {
                throw overloaded();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Puts the inputs of a request in line.
    ///
    /// @param inputs   what was asked, to find identical ones
    /// @param requests the same, tokenized
    /// @param begin    of [System#nanoTime]: what is not begun by then is given up
    /// @param end      of [System#nanoTime]: after it nobody waits
    /// @throws RequestFailure 429 if they would have to wait too long
    public <I, R> Job<R> submit(SharedBatches<I, R> batches, List<I> inputs, List<Request<R>> requests, long begin, long end) {
        int tokens = requests.stream().mapToInt(Request::tokens).sum();
        lock.lock();
        try {
            requireRoom(tokens);
            if (closed) {
                throw new CancellationException("the queue is closed");
            }
            List<Entry<R>> entries = new ArrayList<>(inputs.size());
            Job<R> job = new Job<>(this, entries, tokens, begin, end);
            long tag = waiting.virtualTime();
            for (int i = 0; i < inputs.size(); i++) {
                tag += requests.get(i).tokens();
                Entry<R> entry = waiting.entry(batches, inputs.get(i), requests.get(i), tag);
                long latest = begin - end < 0 ? begin : end;
                entry.deadline = entry.jobs.isEmpty() || entry.deadline - latest < 0 ? latest : entry.deadline;
                entry.jobs.add(job);
                entries.add(entry);
                job.tokensLeft -= entry.waiting ? 0 : entry.request.tokens();
            }
            jobs.add(job);
            // A lane that leaves something behind wakes the next.
            arrived.signal();
            wakeForShort();
            return job;
        } finally {
            lock.unlock();
        }
    }

    /// Ends a request's interest in its inputs.
    <R> void leave(Job<R> job) {
        lock.lock();
        try {
            if (jobs.remove(job)) {
                for (Entry<R> entry : job.entries) {
                    entry.jobs.remove(job);
                    if (entry.jobs.isEmpty() && entry.waiting) {
                        waiting.forget(entry);
                        entry.request.result().cancel(false);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Inputs that wait.
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    RequestFailure expired() {
        return overloaded();
    }

    private RequestFailure overloaded() {
        lock.lock();
        try {
            return Admission.overloaded(1 + (long) (waiting.tokens() / tokensPerSecond));
        } finally {
            lock.unlock();
        }
    }

    private void lane(Supplier<@Nullable Batch<?>> source) {
        for (Batch<?> batch = source.get(); batch != null; batch = source.get()) {
            long begun = System.nanoTime();
            try {
                listener.batch(batch.entries().size(), batch.tokens());
                batch.compute();
            } catch (RuntimeException | Error e) {
                // Its requests have been told; the lane goes on with the others.
                listener.failed(e);
            }
            done(batch, System.nanoTime() - begun);
        }
    }

    private void done(Batch<?> batch, long nanos) {
        lock.lock();
        try {
            batch.entries().forEach(waiting::forget);
            if (batch.kind() != Batch.Kind.SHORT) {
                busy--;
                busyWithLong -= batch.kind() == Batch.Kind.LONG ? 1 : 0;
                double now = batch.tokens() * 1e9 / Math.max(1, nanos) * (batch.alone() ? laneCount : 1);
                tokensPerSecond += 0.1 * (now - tokensPerSecond);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The next batch, when there is one; null when there will be none.
    private @Nullable Batch<?> next() {
        lock.lock();
        try {
            while (true) {
                dropExpired();
                if (!waiting.isEmpty()) {
                    return gather();
                }
                if (closed) {
                    return null;
                }
                arrived.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The next batch of short requests, while all other lanes are busy with long ones.
    private @Nullable Batch<?> nextShort() {
        lock.lock();
        try {
            while (true) {
                if (busyWithLong == laneCount) {
                    List<Entry<?>> taken = waiting.take(SHORT_TOKENS, ModelQueue::isShort);
                    if (!taken.isEmpty()) {
                        return Batch.of(taken, true, Batch.Kind.SHORT);
                    }
                }
                if (closed) {
                    return null;
                }
                shortArrived.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void wakeForShort() {
        if (busyWithLong == laneCount && !waiting.isEmpty()) {
            shortArrived.signal();
        }
    }

    private static boolean isShort(Entry<?> entry) {
        return entry.jobs.stream().anyMatch(job -> job.tokens <= SHORT_TOKENS);
    }

    private static boolean isLong(Entry<?> entry) {
        return entry.jobs.stream().allMatch(job -> job.tokens > LONG_TOKENS);
    }

    private void dropExpired() {
        waiting.expired().forEach(late -> late.request.result().completeExceptionally(overloaded()));
    }

    /// Entries of the same task as the first, in their order, as many as the budget allows; when there is little to do, only as
    /// many that every free lane gets a share.
    private Batch<?> gather() {
        long share = waiting.tokens() / (laneCount - busy);
        List<Entry<?>> taken = waiting.take(Math.min(batchTokens, Math.max(LEAST_TOKENS, share)), _ -> true);
        boolean ofLong = taken.stream().anyMatch(ModelQueue::isLong);
        busyWithLong += ofLong ? 1 : 0;
        boolean alone = busy++ > 0 || !waiting.isEmpty();
        if (!waiting.isEmpty()) {
            arrived.signal();
            wakeForShort();
        }
        return Batch.of(taken, alone, ofLong ? Batch.Kind.LONG : Batch.Kind.OTHER);
    }

    /// What ended a thread that computes before its time; null while all are well. What it had taken has no result.
    public @Nullable Throwable dead() {
        return lanes.dead();
    }

    /// Computes what waits, and ends the lanes.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
            shortArrived.signalAll();
        } finally {
            lock.unlock();
        }
        lanes.join();
    }
}
