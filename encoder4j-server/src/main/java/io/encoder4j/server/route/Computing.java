// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.Request;
import io.encoder4j.SharedBatches;
import io.encoder4j.error.InputException;
import io.encoder4j.server.batching.Job;
import io.encoder4j.server.config.Limits;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.Failures;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.task.TextPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The way of inputs to their results, the same for all routes: limits, room, tokens, the queue. It is all or nothing: a request
/// whose inputs do not all have a result fails, and names the first that has none.
///
/// @param field   of the inputs, for messages
/// @param queries inputs that stand before those that the field has
public record Computing(Call call, ServedModel model, Cutting cutting, String field, int queries) {

    /// For inputs as a field has them.
    public Computing(Call call, ServedModel model, Cutting cutting, String field) {
        this(call, model, cutting, field, 0);
    }

    /// {@return the same where the first input is a query, which no field counts}
    public Computing asQuery() {
        return new Computing(call, model, cutting, field, 1);
    }

    /// A client's own deadline, in milliseconds.
    private static final String TIMEOUT_HEADER = "x-request-timeout-ms";

    /// {@return the results, in the inputs' order}
    ///
    /// @throws RequestFailure if one has none, or there are too many, or there is no room or time
    public <I, R> List<R> run(SharedBatches<I, R> batches, List<I> inputs) throws InterruptedException {
        Limits limits = call.services().config().limits();
        if (inputs.size() == queries) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, field, "cannot be empty");
        }
        call.services().metrics().begun(inputs.size() == 1 ? "single" : "batch");
        if (inputs.size() - queries <= limits.clientBatch()) {
            return admitted(batches, inputs, 0);
        }
        if (!limits.splitClientBatches()) {
            throw RequestFailure.invalid(field, "has too many inputs: batch size " + (inputs.size() - queries)
                    + " > maximum allowed batch size " + limits.clientBatch());
        }
        List<R> results = new ArrayList<>(inputs.size());
        for (int from = 0; from < inputs.size(); from += limits.clientBatch()) {
            results.addAll(admitted(batches, inputs.subList(from, Math.min(inputs.size(), from + limits.clientBatch())), from));
        }
        return results;
    }

    private <I, R> List<R> admitted(SharedBatches<I, R> batches, List<I> inputs, int first) throws InterruptedException {
        call.services().admission().take(inputs.size());
        try {
            return computed(batches, inputs, first);
        } finally {
            call.services().admission().give(inputs.size());
        }
    }

    private <I, R> List<R> computed(SharedBatches<I, R> batches, List<I> inputs, int first) throws InterruptedException {
        long begun = System.nanoTime();
        // A rough count, so that what has no room need not be tokenized.
        long characters = inputs.stream().mapToLong(Computing::characters).sum();
        model.queue().requireRoom(Math.min(characters / 4, (long) inputs.size() * model.model().maxTokens()) + inputs.size());
        List<Request<R>> requests = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            requests.add(tokenized(batches, inputs.get(i), first + i));
        }
        long tokenized = System.nanoTime();
        try (Job<R> job = model.queue().submit(batches, inputs, requests, queueDeadline(), clientDeadline())) {
            List<R> results = results(job.await(call.request()::isGone), first);
            call.usage().took(tokenized - begun, job.queueNanos(), job.inferenceNanos());
            return results;
        }
    }

    private static long characters(Object input) {
        return switch (input) {
            case TextPair(String text, String pair) -> text.length() + (pair == null ? 0 : pair.length());
            default -> input.toString().length();
        };
    }

    @SuppressWarnings("unchecked") // what is cut is of the same type
    private <I, R> Request<R> tokenized(SharedBatches<I, R> batches, I input, int index) {
        @Nullable Object cut = cutting.cut(input, model.model().maxTokens());
        Request<R> request;
        try {
            request = batches.request(cut == null ? input : (I) cut);
        } catch (InputException e) {
            throw Failures.of(name(index), e);
        } catch (IllegalArgumentException e) {
            throw RequestFailure.invalid(name(index), "cannot be answered: " + e.getMessage());
        }
        if (!cutting.allowed() && (cut != null || request.tokensCut() > 0)) {
            throw RequestFailure.field(FailureKind.TOO_LONG, name(index), "must have at most "
                    + model.model().maxTokens() + " tokens. Given: " + (cut != null ? "more than its characters may have"
                    : request.tokens() + request.tokensCut()) + "; shorten it, or send \"truncate\": true");
        }
        call.usage().input(characters(input), request.tokens(), cut == null ? request.tokensCut() : Math.max(1, request.tokensCut()));
        return request;
    }

    private String name(int index) {
        return index < queries ? "query" : field + "[" + (index - queries) + "]";
    }

    private long queueDeadline() {
        return System.nanoTime() + call.services().config().limits().queueTimeout().toNanos();
    }

    private long clientDeadline() {
        String given = call.request().header(TIMEOUT_HEADER).orElse("");
        if (given.isEmpty()) {
            return System.nanoTime() + TimeUnit.DAYS.toNanos(1);
        }
        if (!given.matches("[1-9]\\d{0,7}")) {
            throw RequestFailure.invalid(TIMEOUT_HEADER, "must be a number of milliseconds, 1 to 99999999");
        }
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(given));
    }

    private <R> List<R> results(List<CompletableFuture<R>> futures, int first) {
        List<R> results = new ArrayList<>(futures.size());
        for (int i = 0; i < futures.size(); i++) {
            CompletableFuture<R> future = futures.get(i);
            if (future.state() == CompletableFuture.State.SUCCESS) {
                results.add(future.resultNow());
            } else if (future.isCancelled()) {
                throw RequestFailure.of(FailureKind.UNAVAILABLE, "the server is stopping");
            } else if (future.exceptionNow() instanceof InputException input) {
                throw Failures.of(name(first + i), input);
            } else {
                throw Failures.of(future.exceptionNow());
            }
        }
        return results;
    }
}
