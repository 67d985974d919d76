// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.InputException;
import io.encoder4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An input between its tokens and its result. Its encodings may be computed in any batches, on any threads.
final class Pending<I, A, R> implements Request<R> {

    private final Steps<I, A, R> steps;
    private final I input;
    private final List<Encoding> encodings;
    private final List<@Nullable A> answers;
    private final AtomicInteger missing;
    private final CompletableFuture<R> result = new CompletableFuture<>();

    Pending(Steps<I, A, R> steps, I input, List<Encoding> encodings) {
        this.steps = steps;
        this.input = input;
        this.encodings = encodings;
        answers = new ArrayList<>(Collections.nCopies(encodings.size(), null));
        missing = new AtomicInteger(encodings.size());
    }

    Steps<I, A, R> steps() {
        return steps;
    }

    List<Encoding> encodings() {
        return encodings;
    }

    @Override
    public int tokens() {
        return encodings.stream().mapToInt(Encoding::length).sum();
    }

    @Override
    public int tokensCut() {
        return encodings.stream().filter(Encoding::truncated).mapToInt(cut -> cut.untruncatedLength() - cut.length()).sum();
    }

    @Override
    public CompletableFuture<R> result() {
        return result;
    }

    /// Whether anybody still waits for it.
    boolean wanted() {
        return !result.isDone();
    }

    /// Takes the answer of one encoding; the last one brings the result.
    void give(int encoding, Supplier<A> answer) {
        try {
            answers.set(encoding, answer.get());
            if (missing.decrementAndGet() == 0) {
                result.complete(steps.finish(input, encodings, complete()));
            }
        } catch (InputException e) {
            fail(e);
        }
    }

    private List<A> complete() {
        return Collections.unmodifiableList(answers);
    }

    /// Ends it without a result, unless it has ended.
    void fail(Throwable reason) {
        result.completeExceptionally(reason);
    }
}
