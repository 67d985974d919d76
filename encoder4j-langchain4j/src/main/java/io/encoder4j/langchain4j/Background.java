// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Work on a thread of its own. How much is computed at once is the model's affair: callers beyond its passes wait in line.
final class Background {

    private Background() { }

    /// The result of a call that is made on a virtual thread. Cancelling it interrupts the call, which ends between two batches.
    static <T> CompletableFuture<T> start(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("encoder4j-langchain4j").unstarted(() -> {
            try {
                result.complete(call.get());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        result.whenComplete((_, _) -> {
            if (result.isCancelled()) {
                thread.interrupt();
            }
        });
        thread.start();
        return result;
    }
}
