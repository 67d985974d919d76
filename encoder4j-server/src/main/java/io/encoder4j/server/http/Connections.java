// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import org.jspecify.annotations.Nullable;

/// Remembers the connection that a thread serves: Helidon tells a handler the request only.
final class Connections implements Http1ConnectionListener {

    private final ThreadLocal<@Nullable ConnectionContext> current = new ThreadLocal<>();

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        current.set(connection);
    }

    /// The connection of this thread; null where it serves a stream of HTTP/2.
    @Nullable ConnectionContext current() {
        return current.get();
    }
}
