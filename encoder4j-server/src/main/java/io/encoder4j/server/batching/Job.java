// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// The inputs of one request in a queue. Whoever has one waits for it, and closes it in any case: what is not computed by then is
/// not computed for it any more.
///
/// @param <R> results
public final class Job<R> implements AutoCloseable {

    /// How often it is looked whether the client is still there.
    private static final long LOOK_MILLIS = 100;

    private final ModelQueue queue;
    private final long begin;
    private final long end;
    final List<Entry<R>> entries;
    final int tokens;
    /// Guarded by the queue's lock.
    int tokensLeft;

    Job(ModelQueue queue, List<Entry<R>> entries, int tokens, long begin, long end) {
        this.queue = queue;
        this.entries = entries;
        this.tokens = tokens;
        this.begin = begin;
        this.end = end;
        tokensLeft = tokens;
    }

    /// {@return the results, in the inputs' order; each as its future has it, so that a caller says whose failure it is}
    ///
    /// @param gone whether nobody waits for them any more
    /// @throws RequestFailure if the time is over, or nobody waits
    public List<CompletableFuture<R>> await(BooleanSupplier gone) throws InterruptedException {
        List<CompletableFuture<R>> results = new ArrayList<>(entries.size());
        for (Entry<R> entry : entries) {
            await(entry, gone);
            results.add(entry.request.result());
        }
        return results;
    }

    private void await(Entry<R> entry, BooleanSupplier gone) throws InterruptedException {
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis((entry.started == 0 ? begin : end) - System.nanoTime()) + 1;
            try {
                entry.request.result().get(Math.min(LOOK_MILLIS, Math.max(1, left)), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (gone.getAsBoolean()) {
                    throw RequestFailure.of(FailureKind.CANCELLED, "the client closed the connection");
                }
                long now = System.nanoTime();
                if (now - end >= 0) {
                    throw RequestFailure.of(FailureKind.TIMEOUT, "there was no result in the time that the request allows");
                }
                if (entry.started == 0 && now - begin >= 0) {
                    throw queue.expired();
                }
            } catch (ExecutionException | CancellationException e) {
                // Told by the future itself.
                return;
            }
        }
    }

    /// The longest time that one of its inputs waited, in nanoseconds.
    public long queueNanos() {
        return entries.stream().filter(entry -> entry.started != 0).mapToLong(entry -> entry.started - entry.enqueued).max().orElse(0);
    }

    /// The time from when the first of its inputs was begun until now, in nanoseconds: for whoever has just awaited the last.
    public long inferenceNanos() {
        return entries.stream().filter(entry -> entry.started != 0).mapToLong(entry -> entry.started).min().stream()
                .map(begun -> System.nanoTime() - begun).findFirst().orElse(0);
    }

    @Override
    public void close() {
        queue.leave(this);
    }
}
