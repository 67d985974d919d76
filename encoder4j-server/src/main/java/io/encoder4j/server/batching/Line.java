// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What waits to be computed, in its order. Guarded by the lock of the queue that has it.
///
/// The order is fair among requests (Golestani 1994, self-clocked fair queueing). An input's tag is the virtual time at its arrival
/// plus the tokens of its request up to it; virtual time is the tag of what was begun last. So a short request does not wait for
/// all of a long one, and a long one is not starved: tags of later requests grow.
final class Line {

    private final TreeSet<Entry<?>> waiting = new TreeSet<>(Entry.ORDER);
    private final Map<Entry.Key, Entry<?>> inFlight = new HashMap<>();
    private long tokens;
    private long virtualTime;
    private long sequence;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /// Tokens that wait.
    long tokens() {
        return tokens;
    }

    /// The tag of what was begun last.
    long virtualTime() {
        return virtualTime;
    }

    /// The entry of an input: that of an identical one which is not done yet, or a new one.
    @SuppressWarnings("unchecked") // entries of the same batches have the same results
    <R> Entry<R> entry(SharedBatches<?, R> batches, Object input, Request<R> request, long tag) {
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
        tokens += request.tokens();
        return entry;
    }

    /// Whether it waits or is computed, it is not found any more.
    void forget(Entry<?> entry) {
        if (waiting.remove(entry)) {
            tokens -= entry.request.tokens();
        }
        entry.waiting = false;
        inFlight.remove(entry.key, entry);
    }

    /// Forgets the first as long as its time is over.
    List<Entry<?>> expired() {
        long now = System.nanoTime();
        List<Entry<?>> late = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.first().deadline - now < 0) {
            late.add(waiting.first());
            forget(waiting.first());
        }
        return late;
    }

    /// Takes entries of one task, in their order, as many as the budget allows, and at least one.
    ///
    /// @param wanted which ones
    /// @return none if none is wanted
    List<Entry<?>> take(long budget, Predicate<Entry<?>> wanted) {
        List<Entry<?>> taken = new ArrayList<>();
        int sum = 0;
        for (Iterator<Entry<?>> entries = waiting.iterator(); entries.hasNext();) {
            Entry<?> next = entries.next();
            if (wanted.test(next) && (taken.isEmpty() || next.batches == taken.getFirst().batches)) {
                if (!taken.isEmpty() && sum + next.request.tokens() > budget) {
                    break;
                }
                entries.remove();
                next.waiting = false;
                next.jobs.forEach(job -> job.tokensLeft -= next.request.tokens());
                taken.add(next);
                sum += next.request.tokens();
            }
        }
        tokens -= sum;
        if (!taken.isEmpty()) {
            virtualTime = Math.max(virtualTime, taken.getLast().tag);
        }
        return taken;
    }
}
