// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

/// The outcome of a request.
///
/// @param status     the HTTP status; 0 if the connection broke or no answer came in time
/// @param tokens     how many tokens the server computed, as it says
/// @param retryAfter whether the answer has the header Retry-After
record Reply(int status, long tokens, boolean retryAfter) {

    static final Reply BROKEN = new Reply(0, 0, false);

    boolean ok() {
        return status == 200;
    }

    /// Whether the server turned the request away because it is busy.
    boolean rejected() {
        return status == 429;
    }
}
