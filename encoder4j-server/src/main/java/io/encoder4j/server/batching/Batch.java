// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import java.util.Collection;
import java.util.List;

/// Inputs that are computed together.
///
/// @param alone whether other threads compute, too, so that this one stays by itself
record Batch<R>(SharedBatches<?, R> batches, List<Entry<R>> entries, int tokens, boolean alone) {

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
