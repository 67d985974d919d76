// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.encoder4j.server.failure.RequestFailure;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A request as Helidon has it, and the way back.
final class HelidonExchange implements Request {

    /// Answers up to this size are written as a whole, with their length, and may fail until they are.
    static final int BUFFER = 65_536;

    /// Bytes that are read after the answer to a request that is refused.
    static final long MOST_LINGERING = 64L << 20;

    /// Ids of one process do not meet those of another.
    private static final String PROCESS = Long.toHexString(System.currentTimeMillis() ^ ProcessHandle.current().pid() << 44) + "-";
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String PLAIN_ID = "[\\w.:-]{1,64}";

    private final ServerRequest request;
    private final ServerResponse response;
    private final Deadlines deadlines;
    private final @Nullable ConnectionContext connection;
    private final OpenConnections openConnections;
    private final RequestBody body;
    private final String id;

    HelidonExchange(ServerRequest request, ServerResponse response, Deadlines deadlines, OpenConnections openConnections,
            RequestBody body) {
        this.request = request;
        this.response = response;
        this.deadlines = deadlines;
        this.openConnections = openConnections;
        connection = deadlines.current();
        this.body = body;
        id = header("x-request-id").filter(given -> given.matches(PLAIN_ID)).orElseGet(() ->
                PROCESS + Long.toHexString(NUMBERS.incrementAndGet()));
    }

    void answer(HttpHandler handler) {
        try (body) {
            answered(handler);
        }
    }

    private void answered(HttpHandler handler) {
        HttpHandler.Answer answer = handler.answer(this);
        Spilling out = new Spilling(answer.response());
        boolean whole = false;
        try {
            try {
                answer.response().body().writeTo(out);
            } catch (IllegalArgumentException | IllegalStateException e) {
                if (out.rest != null) {
                    // Half of it is on its way; only a broken connection tells that the rest is missing.
                    throw new UncheckedIOException(new IOException("the answer broke off", e));
                }
                out = new Spilling(answer.failed(e));
                out.answer.body().writeTo(out);
            }
            out.finish();
            whole = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            answer.sent(out.written, whole);
        }
        if (closes(out.answer)) {
            close(out);
        }
    }

    /// Ends the connection; Helidon only says in the answer that it will. The last chunk of a long answer is written when the handler
    /// has returned.
    private void close(Spilling out) {
        ConnectionContext ended = connection;
        if (out.rest == null || ended == null) {
            if (ended != null && (body.isBroken() || body.isLargeAndUnread())) {
                linger(ended);
            }
            throw new CloseConnectionException("the connection ends with this answer");
        }
        response.whenSent(() -> {
            ended.dataWriter().flush();
            ended.serverSocket().close();
        });
    }

    /// Reads what a client still sends, and throws it away. A connection that ends with unread bytes is reset, and with it goes the
    /// answer, if its client has not read it yet.
    private void linger(ConnectionContext ended) {
        try {
            ended.dataWriter().flush();
            long left = MOST_LINGERING;
            while (left > 0) {
                deadlines.begin(ended, Deadlines.Phase.LINGERING);
                byte[] some = ended.serverSocket().get();
                left -= some == null ? left : some.length;
            }
        } catch (RuntimeException e) {
            // The client has gone, or says nothing more: it has its answer, or does not want it.
            return;
        } finally {
            deadlines.end(ended);
        }
    }

    /// A piece of reading or writing.
    interface Piece {
        void run() throws IOException;
    }

    /// Runs a piece in the time that a client has for it.
    interface Timed {
        void run(Deadlines.Phase phase, Piece piece) throws IOException;
    }

    /// Reads or writes: a client that does not take part in time is given up.
    private void timed(Deadlines.Phase phase, Piece piece) throws IOException {
        ConnectionContext watchedConnection = connection;
        if (watchedConnection == null) {
            piece.run();
            return;
        }
        deadlines.begin(watchedConnection, phase);
        try {
            piece.run();
        } finally {
            deadlines.end(watchedConnection);
        }
    }

    /// Whether the connection ends: somebody asked for it, or a body was left that is not worth reading.
    private boolean closes(Response answer) {
        return body.isBroken() || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || "close".equals(answer.headers().get("Connection")) || !drained();
    }

    /// Reads what is left of a small body, so that the next request can come; within the time for bodies.
    private boolean drained() {
        if (body.isLargeAndUnread()) {
            return false;
        }
        try {
            body();
            return true;
        } catch (RequestFailure e) {
            return false;
        }
    }

    /// Collects what is written; sends it with its length, or, where it becomes long, in chunks.
    private final class Spilling extends OutputStream {

        private final Response answer;
        private final ByteArrayOutputStream start = new ByteArrayOutputStream(512);
        private @Nullable OutputStream rest;
        private long written;

        Spilling(Response answer) {
            this.answer = answer;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (isHead()) {
                return;
            }
            if (rest == null && start.size() + length > BUFFER) {
                begin();
                rest = response.outputStream();
                timed(Deadlines.Phase.WRITING, () -> start.writeTo(rest));
            }
            OutputStream out = rest;
            if (out == null) {
                start.write(bytes, from, length);
            } else {
                timed(Deadlines.Phase.WRITING, () -> out.write(bytes, from, length));
            }
            written += length;
        }

        private void begin() {
            if (body.isBroken() || body.isLargeAndUnread()) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            response.status(Status.create(answer.status()));
            answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
            if (!answer.type().isEmpty()) {
                response.header(HeaderNames.CONTENT_TYPE, answer.type());
            }
        }

        void finish() throws IOException {
            OutputStream out = rest;
            if (out != null) {
                timed(Deadlines.Phase.WRITING, out::close);
            } else {
                begin();
                timed(Deadlines.Phase.WRITING, () -> response.send(isHead() ? new byte[0] : start.toByteArray()));
            }
        }
    }

    private boolean isHead() {
        return method().equals("HEAD");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    @Override
    public String path() {
        return request.path().rawPath();
    }

    @Override
    public String query() {
        return request.query().rawValue();
    }

    @Override
    public String peer() {
        return request.remotePeer().host();
    }

    @Override
    public Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    @Override
    public int headerCount() {
        return request.headers().stream().mapToInt(Header::valueCount).sum();
    }

    @Override
    public byte[] body() {
        return body.bytes(this::timed);
    }

    @Override
    public boolean isGone() {
        // Of HTTP/2 only the connection is looked at: Helidon does not tell when a stream ends by itself.
        return openConnections.isClosed(request.localPeer().port(), request.remotePeer().port());
    }
}
