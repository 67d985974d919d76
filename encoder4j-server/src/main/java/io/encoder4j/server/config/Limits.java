// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.config;

import java.time.Duration;

/// How much a client may ask for, and how much the server takes on.
///
/// @param concurrentInputs   inputs of all requests that wait or are computed at once; TEI's `max-concurrent-requests`
/// @param batchTokens        tokens that one thread computes together
/// @param clientBatch        inputs of a request
/// @param splitClientBatches whether a larger request is computed in pieces, and not refused
/// @param inputTokens        tokens read of an input; 0 for what the model takes
/// @param payloadBytes       of a request's body
/// @param queueTimeout       how long a request may wait before it is given up
/// @param clientTimeout      how long a client may take to send the headers or the body of a request, or to take 64 KiB of an answer
/// @param autoTruncate       whether a longer input is cut, where the request does not say
public record Limits(int concurrentInputs, int batchTokens, int clientBatch, boolean splitClientBatches, int inputTokens,
        int payloadBytes, Duration queueTimeout, Duration clientTimeout, boolean autoTruncate) {

    /// {@return TEI's limits, and 256 tokens a batch: small batches keep short requests from waiting behind long ones, and make
    /// products no slower}
    public static Limits defaults() {
        return new Limits(512, 256, 32, false, 0, 2_000_000, Duration.ofSeconds(10), Duration.ofSeconds(20), true);
    }

    /// {@return requests of its own size that a request may find before it: an eighth of the inputs at once}
    public int requestsBefore() {
        return Math.max(1, concurrentInputs / 8);
    }

    /// {@return the same with other numbers of inputs}
    ///
    /// @param concurrent of all requests
    /// @param client     of one request
    public Limits withInputs(int concurrent, int client) {
        return new Limits(concurrent, batchTokens, client, splitClientBatches, inputTokens, payloadBytes, queueTimeout,
                clientTimeout, autoTruncate);
    }

    /// {@return the same with another time to wait}
    ///
    /// @param timeout how long a request may wait
    public Limits withQueueTimeout(Duration timeout) {
        return new Limits(concurrentInputs, batchTokens, clientBatch, splitClientBatches, inputTokens, payloadBytes, timeout,
                clientTimeout, autoTruncate);
    }

    /// {@return the same with other patience}
    ///
    /// @param timeout how long a client may take
    public Limits withClientTimeout(Duration timeout) {
        return new Limits(concurrentInputs, batchTokens, clientBatch, splitClientBatches, inputTokens, payloadBytes, queueTimeout,
                timeout, autoTruncate);
    }

    /// {@return the same, where larger requests are computed in pieces}
    public Limits withSplitClientBatches() {
        return new Limits(concurrentInputs, batchTokens, clientBatch, true, inputTokens, payloadBytes, queueTimeout, clientTimeout,
                autoTruncate);
    }
}
