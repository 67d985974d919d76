// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import java.util.Collection;
import java.util.List;

/// Inputs that are computed together.
///
/// @param alone whether other threads compute, too, so that this one stays by itself
record Batch<R>(SharedBatches<?, R> batches, List<Entry<R>> entries, int tokens, boolean alone, Kind kind) {

    /// Whose lane it is, and for whom.
    enum Kind {
        /// For the lane of short requests.
        SHORT,
        /// Something of long requests is among it.
        LONG,
        /// Anything else.
        OTHER
    }

    /// {@return the batch of entries of one task, at least one}
    static Batch<?> of(List<Entry<?>> entries, boolean alone, Kind kind) {
        return of(entries.getFirst(), entries, alone, kind);
    }

    @SuppressWarnings("unchecked") // entries of the same batches have the same results
    private static <R> Batch<R> of(Entry<R> first, List<Entry<?>> entries, boolean alone, Kind kind) {
        List<Entry<R>> same = entries.stream().map(entry -> {
            assert entry.batches == first.batches;
            return (Entry<R>) entry;
        }).toList();
        return new Batch<>(first.batches, same, entries.stream().mapToInt(entry -> entry.request.tokens()).sum(), alone, kind);
    }

    /// Computes them. What befalls the batch befalls each of its requests, and is thrown besides.
    void compute() {
        long now = System.nanoTime();
        entries.forEach(entry -> entry.started = now);
        Collection<Request<R>> requests = entries.stream().map(entry -> entry.request).toList();
        try {
            if (alone) {
                batches.computeAlone(requests);
            } else {
                batches.compute(requests);
            }
        } catch (RuntimeException | Error e) {
            requests.forEach(request -> request.result().completeExceptionally(e));
            throw e;
        }
    }
}
