// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

/// What came of a request.
///
/// @param status     HTTP's; 0 if the connection broke or no answer came in time
/// @param tokens     that the server says it computed
/// @param retryAfter whether the answer says when to try again
record Reply(int status, long tokens, boolean retryAfter) {

    static final Reply BROKEN = new Reply(0, 0, false);

    boolean ok() {
        return status == 200;
    }

    /// Whether the server said that it has too much to do.
    boolean rejected() {
        return status == 429;
    }
}
