// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Closes connections whose clients are slow on purpose. Helidon's own limits are for silence: who sends a byte of a header every
/// few seconds, or takes one of an answer, would keep a connection for days.
final class Deadlines implements Http1ConnectionListener, AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final String BODY = "{\"error\":\"the request did not come in time\",\"error_type\":\"Timeout\"}";
    private static final byte[] TIMEOUT = ("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY).getBytes(StandardCharsets.US_ASCII);

    /// What has to end in time.
    enum Phase {
        /// All headers of a request, or its whole body.
        READING,
        /// A piece of an answer, of 64 KiB at most, has to be taken.
        WRITING,
        /// More of what a client sends after it was refused, and which nobody wants, has to come.
        LINGERING
    }

    private record Deadline(long nanos, Phase phase) { }

    private final Duration time;
    /// Helidon tells a handler the request only; its connection is that of the thread.
    private final ThreadLocal<@Nullable ConnectionContext> current = new ThreadLocal<>();
    private final Map<ConnectionContext, Deadline> open = new ConcurrentHashMap<>();
    private final Thread watch = Thread.ofPlatform().daemon().name("encoder4j-deadlines").unstarted(this::watch);

    /// @param time for each phase
    Deadlines(Duration time) {
        this.time = time;
    }

    void start() {
        watch.start();
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        current.set(connection);
        begin(connection, Phase.READING);
    }

    @Override
    public void headers(ConnectionContext connection, Headers headers) {
        open.remove(connection);
    }

    /// The connection of this thread; null where it serves a stream of HTTP/2.
    @Nullable ConnectionContext current() {
        return current.get();
    }

    /// Something begins that has to end in time.
    void begin(ConnectionContext connection, Phase phase) {
        open.put(connection, new Deadline(System.nanoTime() + (phase == Phase.LINGERING ? SILENCE : time).toNanos(), phase));
    }

    /// It has ended.
    void end(ConnectionContext connection) {
        open.remove(connection);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        long now = System.nanoTime();
        try {
            open.forEach((connection, deadline) -> {
                if (deadline.nanos - now < 0 && open.remove(connection, deadline)) {
                    giveUp(connection, deadline);
                }
            });
        } catch (OutOfMemoryError e) {
            // The next look finds the rest. Without this thread slow clients would stay.
            return;
        }
    }

    /// Closes a connection; its thread meets an end of the stream.
    private static void giveUp(ConnectionContext connection, Deadline deadline) {
        try {
            if (deadline.phase == Phase.READING) {
                connection.dataWriter().writeNow(BufferData.create(TIMEOUT));
            }
            connection.serverSocket().close();
        } catch (RuntimeException e) {
            // Its client was faster; there is nothing left to close.
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
