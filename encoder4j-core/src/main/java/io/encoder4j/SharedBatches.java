// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.engine.ReadAhead;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.task.Answered;
import io.encoder4j.task.TextEmbedding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

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

    /// The same on the caller's thread only, one batch after another: for whoever has several threads of its own that compute, each
    /// with requests of its own.
    ///
    /// @param requests whose answers are wanted
    public void computeAlone(Collection<? extends Request<R>> requests) {
        computation.computeAlone(requests);
    }

    /// Answers inputs as they come: each is computed with what is there at the time, so that a slow source is answered at once and a
    /// fast one in full batches. However long the source, no more than some thousand inputs are held. An input that has no answer
    /// keeps no other from its own.
    ///
    /// ```java
    /// try (Stream<String> lines = Files.lines(file); var answers = embedder.shared().stream(lines)) {
    ///     answers.forEach(answer -> store(answer.input(), answer.get().vector()));
    /// }
    /// ```
    ///
    /// @param inputs where they come from; taken in a thread of its own, and closed with the answers
    /// @return the answers, in the order of the inputs, one after the other. What is thrown by the source, by a closed model
    ///         ([ModelClosedException]) or for an interrupt ([CancelledException]) comes out where the answers are asked for.
    ///         Close it if you do not read it to its end
    public Stream<Answered<I, R>> stream(Stream<? extends I> inputs) {
        ReadAhead<I> ahead = new ReadAhead<>(inputs);
        AtomicLong count = new AtomicLong();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(ahead, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .flatMap(some -> computation.answers(some, count.getAndAdd(some.size())).stream())
                .onClose(ahead::close).onClose(inputs::close);
    }

    /// Answers inputs as they come, as [#stream] does, and calls back with each answer, on the caller's thread. Returns when the
    /// source has ended.
    ///
    /// @param inputs where they come from; closed at the end
    /// @param action what is done with an answer
    public void forEach(Stream<? extends I> inputs, Consumer<? super Answered<I, R>> action) {
        try (Stream<Answered<I, R>> answers = stream(inputs)) {
            answers.forEachOrdered(action);
        }
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
            compute(requests, pending -> runner.compute(steps, pending));
        }

        void computeAlone(Collection<? extends Request<R>> requests) {
            compute(requests, pending -> runner.computeAlone(steps, pending));
        }

        private void compute(Collection<? extends Request<R>> requests, Consumer<List<Pending<I, A, R>>> computing) {
            List<Pending<I, A, R>> pending = new ArrayList<>(requests.size());
            requests.forEach(request -> pending.add(own(request)));
            try {
                computing.accept(pending);
            } catch (CancelledException | ModelClosedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                // Told by the requests that it befell.
                assert pending.stream().noneMatch(Pending::wanted);
            }
        }

        /// The inputs' answers, in their order.
        List<Answered<I, R>> answers(List<I> inputs, long first) {
            List<Request<R>> requests = new ArrayList<>(inputs.size());
            @Nullable InputException[] problems = new InputException[inputs.size()];
            for (int i = 0; i < problems.length; i++) {
                try {
                    requests.add(request(inputs.get(i)));
                } catch (InputException e) {
                    problems[i] = e;
                }
            }
            compute(requests);
            List<Answered<I, R>> answers = new ArrayList<>(problems.length);
            Iterator<Request<R>> computed = requests.iterator();
            for (int i = 0; i < problems.length; i++) {
                I input = inputs.get(i);
                InputException problem = problems[i];
                answers.add(problem != null ? new Answered<>(first + i, input, null, problem)
                        : answered(first + i, input, computed.next().result()));
            }
            return answers;
        }

        private static <I, R> Answered<I, R> answered(long index, I input, CompletableFuture<R> result) {
            if (!result.isCompletedExceptionally()) {
                return new Answered<>(index, input, result.resultNow(), null);
            }
            return switch (result.exceptionNow()) {
                case InputException problem -> new Answered<>(index, input, null, problem);
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case Throwable failure -> throw new IllegalStateException("an input has no answer", failure);
            };
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
