// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.engine.BatchPlan;
import io.encoder4j.engine.Engine;
import io.encoder4j.engine.Events;
import io.encoder4j.engine.Texts;
import io.encoder4j.error.CancelledException;
import io.encoder4j.error.FilesChangedException;
import io.encoder4j.error.InputException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.files.Printable;
import io.encoder4j.model.Encoder;
import io.encoder4j.model.Heads;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.NonFiniteWeightException;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.task.TextPair;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.TokenizerException;
import io.encoder4j.tokenizer.Truncation;
import io.encoder4j.trace.Trace;
import io.encoder4j.trace.TracingPass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The one place where inputs become batches, for embedding and for every task: inputs become encodings, encodings become batches
/// of about the same number of tokens, and every batch goes through the encoder once. A sequence's numbers do not depend on the
/// others in its batch, so a batch may have the inputs of several callers.
final class Runner {

    /// Inputs that a thread tokenizes at a time.
    private static final int BLOCK = 64;

    private final Engine engine;
    private final Encoder encoder;
    private final Texts texts;

    Runner(Engine engine, Encoder encoder, Texts texts) {
        this.engine = engine;
        this.encoder = encoder;
        this.texts = texts;
    }

    /// The same for what is pooled.
    Runner pooling(TextPooler pooler) {
        return new Runner(engine, LayerMeanEncoder.of(encoder, pooler), texts);
    }

    /// The same, where texts that are too long are cut on a side.
    Runner cutting(Truncation.Direction side) {
        return new Runner(engine, encoder, texts.cutting(side));
    }

    Texts texts() {
        return texts;
    }

    Heads heads() {
        return encoder.heads();
    }

    int hiddenSize() {
        return encoder.hiddenSize();
    }

    int tokensPerBatch() {
        return engine.tokensPerBatch();
    }

    /// The result of one input.
    <I, A, R> R runOne(Steps<I, A, R> steps, I input) {
        return run(steps, Collections.singletonList(input)).getFirst();
    }

    /// The results of the inputs, in their order: tokenized on all threads, then computed in batches, several at once if there are
    /// several threads.
    ///
    /// @throws InputException        naming every input that has no answer; before anything is computed, if the tokens tell
    /// @throws ModelClosedException  if the model is closed
    /// @throws CancelledException    if the caller's thread is interrupted
    /// @throws FilesChangedException if a file of the model was cut while it was read
    <I, A, R> List<R> run(Steps<I, A, R> steps, List<I> inputs) {
        // Open for the whole call: a model must not be closed between tokenizing and computing.
        return engine.whileOpen(() -> results(steps, inputs));
    }

    private <I, A, R> List<R> results(Steps<I, A, R> steps, List<I> inputs) {
        List<Pending<I, A, R>> pending;
        try (var _ = Events.tokenizing(inputs.size())) {
            pending = encode(steps, inputs);
        }
        compute(steps, pending);
        @Nullable InputException[] problems = new InputException[pending.size()];
        List<R> results = new ArrayList<>(pending.size());
        for (int i = 0; i < problems.length; i++) {
            CompletableFuture<R> result = pending.get(i).result();
            if (result.isCompletedExceptionally()) {
                problems[i] = problem(result.exceptionNow());
            } else {
                results.add(result.resultNow());
            }
        }
        throwAll(problems);
        return results;
    }

    private static InputException problem(Throwable failure) {
        if (failure instanceof InputException input) {
            return input;
        }
        throw new IllegalStateException("a text has no answer", failure);
    }

    private <I, A, R> List<Pending<I, A, R>> encode(Steps<I, A, R> steps, List<I> inputs) {
        List<Pending<I, A, R>> pending = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        @Nullable InputException[] problems = new InputException[inputs.size()];
        engine.forEach((inputs.size() + BLOCK - 1) / BLOCK, block -> {
            for (int i = block * BLOCK; i < Math.min(inputs.size(), (block + 1) * BLOCK); i++) {
                try {
                    pending.set(i, pending(steps, inputs.get(i)));
                } catch (InputException e) {
                    problems[i] = e;
                }
            }
        });
        throwAll(problems);
        return pending;
    }

    /// An input, tokenized.
    ///
    /// @throws InputException if it has no answer
    <I, A, R> Pending<I, A, R> pending(Steps<I, A, R> steps, @Nullable I input) {
        if (input == null || input instanceof TextPair pair && pair.text() == null) {
            throw InputException.of(InputException.Reason.NULL, "is null");
        }
        try {
            List<Encoding> encodings = steps.encode(input);
            if (!encoder.takesEmptyTexts() && encodings.stream().anyMatch(encoding -> encoding.length() == 0)) {
                throw InputException.of(InputException.Reason.EMPTY, "has no tokens, and the tokenizer adds none");
            }
            encodings.forEach(this::requireVectors);
            return new Pending<>(steps, input, encodings);
        } catch (TokenizerException e) {
            throw new InputException(List.of(new InputException.Problem(0, InputException.Reason.NOT_TOKENIZABLE,
                    "cannot be tokenized: " + e.getMessage())), e);
        }
    }

    /// @throws InputException if the encoder has no vector for a token, since its tokenizer has more tokens than it has
    private void requireVectors(Encoding encoding) {
        for (int i = 0; i < encoding.length(); i++) {
            if (encoding.ids()[i] >= encoder.vocabSize()) {
                throw InputException.of(InputException.Reason.UNKNOWN_TOKEN, "has the token '"
                        + Printable.name(encoding.tokens().get(i)) + "' with the id " + encoding.ids()[i] + ", and the model has"
                        + " vectors for " + encoder.vocabSize() + " tokens only");
            }
        }
    }

    /// One encoding of a pending input.
    private record Part<I, A, R>(Pending<I, A, R> owner, int index) {

        Encoding encoding() {
            return owner.encodings().get(index);
        }
    }

    /// Computes what is pending; every result has an answer or a reason afterwards. What has one before, for instance because its
    /// caller took it back, is not computed.
    ///
    /// @throws RuntimeException what ended a batch, after the others have ended
    <I, A, R> void compute(Steps<I, A, R> steps, List<Pending<I, A, R>> pending) {
        compute(steps, pending, engine.threads(), engine::runEach);
    }

    /// The same on the caller's thread only.
    <I, A, R> void computeAlone(Steps<I, A, R> steps, List<Pending<I, A, R>> pending) {
        compute(steps, pending, 1, engine::runEachAlone);
    }

    /// Runs what computes a batch, for each of so many.
    private interface Batches {
        void run(int count, ObjIntConsumer<Pass> batch);
    }

    private <I, A, R> void compute(Steps<I, A, R> steps, List<Pending<I, A, R>> pending, int threads, Batches all) {
        List<Part<I, A, R>> parts = pending.stream().filter(Pending::wanted).flatMap(owner ->
                IntStream.range(0, owner.encodings().size()).mapToObj(i -> new Part<>(owner, i))).toList();
        List<int[]> batches = BatchPlan.of(parts.stream().mapToInt(part -> part.encoding().length()).toArray(),
                engine.tokensPerBatch(), threads);
        try {
            all.run(batches.size(), (pass, b) ->
                    batch(steps, IntStream.of(batches.get(b)).mapToObj(parts::get).toList(), pass));
        } catch (RuntimeException | Error e) {
            pending.forEach(one -> one.fail(e));
            throw e;
        }
    }

    private <I, A, R> void batch(Steps<I, A, R> steps, List<Part<I, A, R>> parts, Pass pass) {
        List<Part<I, A, R>> wanted = new ArrayList<>(parts);
        wanted.removeIf(part -> !part.owner.wanted());
        while (!wanted.isEmpty()) {
            List<Encoding> encodings = wanted.stream().map(Part::encoding).toList();
            Batch batch = batch(encodings);
            try (var _ = Events.batch(encodings.size(), batch.tokens())) {
                Matrix hidden = forward(batch, steps.pass(encodings, pass));                    // [T, H]
                steps.compute(encodings, hidden, batch, pass, (i, answer) ->
                        wanted.get(i).owner.give(wanted.get(i).index, answer));
                return;
            } catch (NonFiniteWeightException e) {
                // The row of a word that one input needs; the others' numbers do not depend on it.
                wanted.remove(sequence(batch.sequences(), e.token())).owner.fail(InputException.of(
                        InputException.Reason.NOT_FINITE, "needs a weight that is not a number: " + e.getMessage()));
            }
        }
    }

    private Matrix forward(Batch batch, Pass pass) {
        try (var _ = Events.forward(batch.sequences().count(), batch.tokens())) {
            return encoder.forward(batch, pass);
        }
    }

    private static Batch batch(List<Encoding> encodings) {
        return Batch.of(encodings.stream().map(Encoding::ids).toList(), encodings.stream().map(Encoding::typeIds).toList());
    }

    private static int sequence(Sequences sequences, int token) {
        int sequence = 0;
        while (sequence + 1 < sequences.count() && token >= sequences.start(sequence + 1)) {
            sequence++;
        }
        return sequence;
    }

    /// Everything that the encoder and a task compute for an input, by name; of an input in several windows, for the first.
    <I, A, R> Trace trace(Steps<I, A, R> steps, I input) {
        List<Encoding> first = pending(steps, input).encodings().subList(0, 1);
        return engine.run(pass -> {
            TracingPass tracing = new TracingPass(pass);
            Batch batch = batch(first);
            steps.compute(first, encoder.forward(batch, steps.pass(first, tracing)), batch, tracing, (_, _) -> { });
            return tracing.trace();
        });
    }

    /// The values, if they are numbers.
    ///
    /// @throws InputException otherwise
    static float[] finite(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw InputException.of(InputException.Reason.NOT_FINITE, "takes the model's numbers out of float32: output "
                        + i + " is " + values[i] + "; the weights may be damaged");
            }
        }
        return values;
    }

    /// Throws what was found, if anything.
    ///
    /// @param found for each input its problem, or null
    private static void throwAll(@Nullable InputException[] found) {
        List<InputException.Problem> problems = new ArrayList<>();
        @Nullable InputException first = null;
        for (int i = 0; i < found.length; i++) {
            InputException one = found[i];
            if (one != null) {
                first = first == null ? one : first;
                problems.add(at(i, one));
            }
        }
        if (first != null) {
            throw new InputException(problems, first);
        }
    }

    /// The problem of the only input, as that of the input at an index.
    private static InputException.Problem at(int index, InputException only) {
        return new InputException.Problem(index, only.reason(), only.problems().getFirst().detail());
    }
}
