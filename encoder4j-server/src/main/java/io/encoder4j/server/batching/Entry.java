// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// An input in the queue. Several requests may want its result. All but its times is guarded by the queue's lock.
final class Entry<R> {

    /// Identical inputs of one task.
    record Key(SharedBatches<?, ?> batches, Object input) { }

    /// The order in which entries are computed.
    static final Comparator<Entry<?>> ORDER = Comparator.<Entry<?>>comparingLong(entry -> entry.tag)
            .thenComparingLong(entry -> entry.sequence);

    final Key key;
    final SharedBatches<?, R> batches;
    final Request<R> request;
    final long sequence;
    final long enqueued = System.nanoTime();
    final List<Job<R>> jobs = new ArrayList<>(1);
    long tag;
    long deadline;
    boolean waiting = true;
    volatile long started;

    Entry(Key key, SharedBatches<?, R> batches, Request<R> request, long sequence) {
        this.key = key;
        this.batches = batches;
        this.request = request;
        this.sequence = sequence;
    }
}
