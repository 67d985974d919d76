// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A request as Helidon has it, and the way back.
final class HelidonExchange implements Request {

    /// Answers up to this size are written as a whole, with their length, and may fail until they are.
    static final int BUFFER = 65_536;

    /// For a whole body, however its bytes are spread.
    private static final long BODY_NANOS = TimeUnit.SECONDS.toNanos(30);
    /// Ids of one process do not meet those of another.
    private static final String PROCESS = Long.toHexString(System.currentTimeMillis() ^ ProcessHandle.current().pid() << 44) + "-";
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String PLAIN_ID = "[\\w.:-]{1,64}";

    private final ServerRequest request;
    private final ServerResponse response;
    private final @Nullable ConnectionContext connection;
    private final int payloadBytes;
    private final String id;
    private byte @Nullable [] body;
    private boolean watched;

    HelidonExchange(ServerRequest request, ServerResponse response, @Nullable ConnectionContext connection, int payloadBytes) {
        this.request = request;
        this.response = response;
        this.connection = connection;
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
            if (rest == null && start.size() + length > BUFFER) {
                begin();
                rest = response.outputStream();
                start.writeTo(rest);
            }
            (rest == null ? start : rest).write(bytes, from, length);
            written += length;
        }

        private void begin() {
            response.status(Status.create(answer.status()));
            answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
            if (!answer.type().isEmpty()) {
                response.header(HeaderNames.CONTENT_TYPE, answer.type());
            }
        }

        void finish() throws IOException {
            if (rest != null) {
                rest.close();
            } else {
                begin();
                response.send(start.toByteArray());
            }
        }
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
    public byte[] body() {
        byte[] read = body;
        if (read == null) {
            read = request.content().hasEntity() ? readBody() : new byte[0];
            body = read;
        }
        return read;
    }

    private byte[] readBody() {
        long deadline = System.nanoTime() + BODY_NANOS;
        ByteArrayOutputStream all = new ByteArrayOutputStream(
                (int) Math.min(BUFFER, request.headers().contentLength().orElse(512)));
        byte[] some = new byte[8192];
        try (InputStream in = request.content().inputStream()) {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                all.write(some, 0, count);
                if (all.size() > payloadBytes) {
                    throw RequestFailure.of(FailureKind.PAYLOAD_TOO_LARGE, "the body has more than " + payloadBytes + " bytes");
                }
                if (System.nanoTime() - deadline > 0) {
                    throw RequestFailure.of(FailureKind.TIMEOUT, "the body did not come in time");
                }
            }
        } catch (IOException e) {
            throw RequestFailure.of(FailureKind.TIMEOUT, "the body did not come", e);
        }
        return all.toByteArray();
    }

    @Override
    public boolean isGone() {
        ConnectionContext watchedConnection = connection;
        if (watchedConnection == null) {
            return false;
        }
        if (!watched) {
            watched = true;
            watchedConnection.serverSocket().idle();
            return false;
        }
        return !watchedConnection.serverSocket().isConnected();
    }
}
