// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import io.encoder4j.server.failure.RequestFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue of one model. Threads of its own, the lanes, take inputs of many requests from it and compute them together. There is
/// no timer: a lane that is free takes what is there, and while it computes the next batch gathers.
///
/// The order is fair among requests (Golestani 1994, self-clocked fair queueing). An input's tag is the virtual time at its arrival
/// plus the tokens of its request up to it; virtual time is the tag of what was begun last. So a short request does not wait for
/// all of a long one, and a long one is not starved: tags of later requests grow.
public final class ModelQueue implements AutoCloseable {

    /// Tokens that may wait in any case.
    private static final int TOKENS_BEFORE = 1024;
    /// Below this a batch is not made smaller to give every lane a share.
    private static final int LEAST_TOKENS = 128;

    private final int batchTokens;
    private final int requestsBefore;
    private final BatchListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final TreeSet<Entry<?>> waiting = new TreeSet<>(Entry.ORDER);
    private final Map<Entry.Key, Entry<?>> inFlight = new HashMap<>();
    private final Set<Job<?>> jobs = new LinkedHashSet<>();
    private final Lanes lanes;
    private final int laneCount;
    private long waitingTokens;
    private long virtualTime;
    private long sequence;
    private int busy;
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
        this.lanes = new Lanes(name, lanes, this::lane, listener::failed);
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
            long tag = virtualTime;
            for (int i = 0; i < inputs.size(); i++) {
                tag += requests.get(i).tokens();
                Entry<R> entry = entry(batches, inputs.get(i), requests.get(i), tag);
                long latest = begin - end < 0 ? begin : end;
                entry.deadline = entry.jobs.isEmpty() || entry.deadline - latest < 0 ? latest : entry.deadline;
                entry.jobs.add(job);
                entries.add(entry);
                job.tokensLeft -= entry.waiting ? 0 : entry.request.tokens();
            }
            jobs.add(job);
            arrived.signalAll();
            return job;
        } finally {
            lock.unlock();
        }
    }

    /// The entry of an input: that of an identical one which is not done yet, or a new one.
    @SuppressWarnings("unchecked") // entries of the same batches have the same results
    private <R> Entry<R> entry(SharedBatches<?, R> batches, Object input, Request<R> request, long tag) {
        Entry.Key key = new Entry.Key(batches, input);
        Entry<R> same = (Entry<R>) inFlight.get(key);
        if (same != null && !same.request.result().isDone()) {
            if (same.waiting && tag < same.tag) {
                waiting.remove(same);
                same.tag = tag;
                waiting.add(same);
            }
            return same;
        }
        Entry<R> entry = new Entry<>(key, batches, request, sequence++);
        entry.tag = tag;
        inFlight.put(key, entry);
        waiting.add(entry);
        waitingTokens += request.tokens();
        return entry;
    }

    /// Ends a request's interest in its inputs.
    <R> void leave(Job<R> job) {
        lock.lock();
        try {
            if (jobs.remove(job)) {
                for (Entry<R> entry : job.entries) {
                    entry.jobs.remove(job);
                    if (entry.jobs.isEmpty() && entry.waiting) {
                        forget(entry);
                        entry.request.result().cancel(false);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Entry<?> entry) {
        if (waiting.remove(entry)) {
            waitingTokens -= entry.request.tokens();
        }
        entry.waiting = false;
        inFlight.remove(entry.key, entry);
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
            return Admission.overloaded(1 + (long) (waitingTokens / tokensPerSecond));
        } finally {
            lock.unlock();
        }
    }

    private void lane() {
        for (Batch<?> batch = next(); batch != null; batch = next()) {
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
            busy--;
            batch.entries().forEach(this::forget);
            double now = batch.tokens() * 1e9 / Math.max(1, nanos) * (batch.alone() ? laneCount : 1);
            tokensPerSecond += 0.1 * (now - tokensPerSecond);
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
                    return gather(waiting.first());
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

    private void dropExpired() {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.first().deadline - now < 0) {
            Entry<?> late = waiting.first();
            forget(late);
            late.request.result().completeExceptionally(overloaded());
        }
    }

    /// Entries of the same task as the first, in their order, as many as the budget allows; when there is little to do, only as
    /// many that every free lane gets a share.
    private <R> Batch<R> gather(Entry<R> first) {
        long share = waitingTokens / (laneCount - busy);
        long budget = Math.min(batchTokens, Math.max(LEAST_TOKENS, share));
        List<Entry<R>> taken = new ArrayList<>();
        int tokens = 0;
        for (Iterator<Entry<?>> entries = waiting.iterator(); entries.hasNext();) {
            Entry<?> next = entries.next();
            if (next.batches == first.batches) {
                if (!taken.isEmpty() && tokens + next.request.tokens() > budget) {
                    break;
                }
                entries.remove();
                next.waiting = false;
                taken.add(same(first, next));
                tokens += next.request.tokens();
            }
        }
        waitingTokens -= tokens;
        virtualTime = Math.max(virtualTime, taken.getLast().tag);
        taken.forEach(entry -> entry.jobs.forEach(job -> job.tokensLeft -= entry.request.tokens()));
        boolean alone = busy++ > 0 || !waiting.isEmpty();
        return new Batch<>(first.batches, taken, tokens, alone);
    }

    @SuppressWarnings("unchecked") // entries of the same batches have the same results
    private static <R> Entry<R> same(Entry<R> ofThis, Entry<?> entry) {
        assert entry.batches == ofThis.batches;
        return (Entry<R>) entry;
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
        } finally {
            lock.unlock();
        }
        lanes.join();
    }
}
