// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.task.TextEmbedding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A task whose forward passes several callers share: what a server's queue stands on. A caller makes a [Request], which
/// tokenizes its input; whoever gathers requests computes many of them at once. Results have the same bits in any company. May be
/// shared among threads; usable until its model is closed.
///
/// ```java
/// SharedBatches<String, TextEmbedding> batches = embedder.shared();
/// Request<TextEmbedding> request = batches.request("A sentence to encode");   // on the caller's thread
/// queue.add(request);
/// …
/// batches.compute(requestsOfThatManyTokens(queue, batches.tokensPerBatch())); // on the queue's thread
/// …
/// request.result().join();
/// ```
///
/// @param <I> an input of the task
/// @param <R> its result
public final class SharedBatches<I, R> {

    private final Computation<I, ?, R> computation;

    private SharedBatches(Computation<I, ?, R> computation) {
        this.computation = computation;
    }

    static <I, A, R> SharedBatches<I, R> of(Runner runner, Steps<I, A, R> steps) {
        return new SharedBatches<>(new Computation<>(runner, steps));
    }

    /// Tokenizes an input, on the caller's thread.
    ///
    /// @param input what is asked
    /// @return the request, to be computed with others
    /// @throws InputException if its tokens tell that it has no answer
    public Request<R> request(I input) {
        return computation.request(input);
    }

    /// Computes requests, in as many batches as the token budget asks for, several at once if the model has several threads.
    /// Requests whose result is cancelled by then are dropped. Returns when every request has its result or its failure; what
    /// befalls one of them, also running out of memory, is told there and not thrown here.
    ///
    /// @param requests whose answers are wanted
    /// @throws IllegalArgumentException if a request is another task's
    /// @throws CancelledException       if the thread is interrupted; requests that are not computed have failed with it
    /// @throws ModelClosedException     if the model is closed; the requests have failed with it
    public void compute(Collection<? extends Request<R>> requests) {
        computation.compute(requests);
    }

    /// {@return tokens of one batch at most: a budget of this many for each of the model's threads keeps all of them busy}
    public int tokensPerBatch() {
        return computation.runner.tokensPerBatch();
    }

    private record Computation<I, A, R>(Runner runner, Steps<I, A, R> steps) {

        Request<R> request(I input) {
            return runner.pending(steps, input);
        }

        void compute(Collection<? extends Request<R>> requests) {
            List<Pending<I, A, R>> pending = new ArrayList<>(requests.size());
            requests.forEach(request -> pending.add(own(request)));
            try {
                runner.compute(steps, pending);
            } catch (CancelledException | ModelClosedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                // Told by the requests that it befell.
                assert pending.stream().noneMatch(Pending::wanted);
            }
        }

        /// A pending input of these steps has their types.
        @SuppressWarnings("unchecked")
        private Pending<I, A, R> own(Request<R> request) {
            Pending<?, ?, R> pending = (Pending<?, ?, R>) request;
            if (pending.steps() != steps) {
                throw new IllegalArgumentException("a request of another task");
            }
            return (Pending<I, A, R>) pending;
        }
    }
}
