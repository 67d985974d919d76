// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/// What a request took, collected while it is answered, by the thread that answers it.
public final class Usage {

    private final long begun = System.nanoTime();
    private int inputs;
    private long characters;
    private long tokens;
    private long tokensCut;
    private int inputsCut;
    private long tokenizationNanos;
    private long queueNanos;
    private long inferenceNanos;

    /// An input was tokenized.
    ///
    /// @param read tokens that the model reads
    /// @param cut  tokens that it does not
    public void input(long chars, int read, int cut) {
        inputs++;
        characters += chars;
        tokens += read;
        tokensCut += cut;
        inputsCut += cut > 0 ? 1 : 0;
    }

    /// An input was cut before it was tokenized as it is read.
    public void cut(int count) {
        tokensCut += count;
        inputsCut++;
    }

    /// Time was taken.
    public void took(long tokenization, long queue, long inference) {
        tokenizationNanos += tokenization;
        queueNanos += queue;
        inferenceNanos += inference;
    }

    /// Inputs so far.
    public int inputs() {
        return inputs;
    }

    /// Tokens read.
    public long tokens() {
        return tokens;
    }

    /// Tokens that were cut off.
    public long tokensCut() {
        return tokensCut;
    }

    /// Inputs that were cut.
    public int inputsCut() {
        return Math.min(inputsCut, inputs);
    }

    /// Time for tokens.
    public long tokenizationNanos() {
        return tokenizationNanos;
    }

    /// Time in the queue.
    public long queueNanos() {
        return queueNanos;
    }

    /// Time to compute.
    public long inferenceNanos() {
        return inferenceNanos;
    }

    /// Time since the request came.
    public long nanos() {
        return System.nanoTime() - begun;
    }

    /// TEI's headers, in milliseconds, and how much was cut.
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-compute-type", "cpu");
        headers.put("x-compute-time", millis(tokenizationNanos + inferenceNanos));
        headers.put("x-compute-characters", Long.toString(characters));
        headers.put("x-compute-tokens", Long.toString(tokens));
        headers.put("x-truncated-inputs", Integer.toString(inputsCut()));
        headers.put("x-truncated-tokens", Long.toString(tokensCut));
        headers.put("x-total-time", millis(nanos()));
        headers.put("x-tokenization-time", millis(tokenizationNanos));
        headers.put("x-queue-time", millis(queueNanos));
        headers.put("x-inference-time", millis(inferenceNanos));
        return headers;
    }

    /// The field `usage` of an answer.
    public void write(JsonGenerator out) {
        out.writeObjectPropertyStart("usage");
        out.writeNumberProperty("prompt_tokens", tokens);
        out.writeNumberProperty("total_tokens", tokens);
        out.writeNumberProperty("truncated_inputs", inputsCut());
        out.writeEndObject();
    }

    private static String millis(long nanos) {
        return Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos));
    }
}
