// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import java.util.Optional;

/// What a client sent.
public interface Request {

    /// A name for this request, in the log and in the answer: the client's own (`x-request-id`), if it is short and plain.
    String id();

    /// `GET`, `POST`, …
    String method();

    /// The path, without a query.
    String path();

    /// The query behind the path, as it was sent; empty without one.
    String query();

    /// Where it comes from.
    String peer();

    /// A header's value; the first, if there are several.
    Optional<String> header(String name);

    /// How many headers there are.
    int headerCount();

    /// The body, read when it is first asked for.
    ///
    /// @throws io.encoder4j.server.failure.RequestFailure if it is too large, or does not come in time
    byte[] body();

    /// Whether the client has closed the connection. May be asked while its answer is computed.
    boolean isGone();
}
