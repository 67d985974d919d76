// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Something read from a file while something else is: a tokenizer beside the weights.
final class Loading<T extends @Nullable Object> {

    private final FutureTask<T> task;

    private Loading(FutureTask<T> task) {
        this.task = task;
    }

    static <T extends @Nullable Object> Loading<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("encoder4j-loading").start(task);
        return new Loading<>(task);
    }

    /// What was read.
    ///
    /// @throws IOException as the reading threw it; unchecked exceptions and errors too
    T result() throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading", e);
        }
    }
}
