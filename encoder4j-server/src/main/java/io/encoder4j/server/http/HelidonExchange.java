// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A request as Helidon has it, and the way back.
final class HelidonExchange implements Request {

    /// Answers up to this size are written as a whole, with their length, and may fail until they are.
    static final int BUFFER = 65_536;

    /// Ids of one process do not meet those of another.
    private static final String PROCESS = Long.toHexString(System.currentTimeMillis() ^ ProcessHandle.current().pid() << 44) + "-";
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String PLAIN_ID = "[\\w.:-]{1,64}";

    private final ServerRequest request;
    private final ServerResponse response;
    private final Deadlines deadlines;
    private final @Nullable ConnectionContext connection;
    private final OpenConnections openConnections;
    private final int payloadBytes;
    private final String id;
    private byte @Nullable [] body;
    private boolean broken;

    HelidonExchange(ServerRequest request, ServerResponse response, Deadlines deadlines, OpenConnections openConnections,
            int payloadBytes) {
        this.request = request;
        this.response = response;
        this.deadlines = deadlines;
        this.openConnections = openConnections;
        connection = deadlines.current();
        this.payloadBytes = payloadBytes;
        id = header("x-request-id").filter(given -> given.matches(PLAIN_ID)).orElseGet(() ->
                PROCESS + Long.toHexString(NUMBERS.incrementAndGet()));
    }

    void answer(HttpHandler handler) {
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
            throw new CloseConnectionException("the connection ends with this answer");
        }
        response.whenSent(() -> {
            ended.dataWriter().flush();
            ended.serverSocket().close();
        });
    }

    private interface Piece {
        void run() throws IOException;
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
        return broken || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || "close".equals(answer.headers().get("Connection")) || !drained();
    }

    /// Reads what is left of a small body, so that the next request can come; within the time for bodies.
    private boolean drained() {
        if (isLargeAndUnread()) {
            return false;
        }
        try {
            body();
            return true;
        } catch (RequestFailure e) {
            return false;
        }
    }

    private boolean isLargeAndUnread() {
        return body == null && request.content().hasEntity() && request.headers().contentLength().orElse(Long.MAX_VALUE) > BUFFER;
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
            if (broken || isLargeAndUnread()) {
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
        byte[] read = body;
        if (read == null) {
            read = request.content().hasEntity() ? readBody() : new byte[0];
            body = read;
        }
        return read;
    }

    private byte[] readBody() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(
                (int) Math.min(BUFFER, request.headers().contentLength().orElse(512)));
        try {
            timed(Deadlines.Phase.READING, () -> readInto(all));
        } catch (RequestException e) {
            throw bodyFailure(FailureKind.ofStatus(e.status().code()), e.status() == Status.REQUEST_ENTITY_TOO_LARGE_413
                    ? tooLarge() : "the body is malformed: " + e.getMessage());
        } catch (NumberFormatException e) {
            throw bodyFailure(FailureKind.BAD_REQUEST, "the body is malformed: the size of a chunk is no number");
        } catch (RequestFailure e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Helidon has several exceptions for a connection that ends.
            throw bodyFailure(FailureKind.TIMEOUT, "the body did not come in time");
        }
        return all.toByteArray();
    }

    private void readInto(ByteArrayOutputStream all) throws IOException {
        byte[] some = new byte[8192];
        // Not closed here: that would read what is left of it.
        InputStream in = request.content().inputStream();
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            all.write(some, 0, count);
            if (all.size() > payloadBytes) {
                throw bodyFailure(FailureKind.PAYLOAD_TOO_LARGE, tooLarge());
            }
        }
    }

    /// A failure after which nobody knows where the next request begins.
    private RequestFailure bodyFailure(FailureKind kind, String message) {
        broken = true;
        return RequestFailure.of(kind, message).withHeader("Connection", "close");
    }

    private String tooLarge() {
        return "the body has more than " + payloadBytes + " bytes";
    }

    @Override
    public boolean isGone() {
        // A stream of HTTP/2 may end while its connection stays.
        return connection != null && openConnections.isClosed(request.localPeer().port(), request.remotePeer().port());
    }
}
