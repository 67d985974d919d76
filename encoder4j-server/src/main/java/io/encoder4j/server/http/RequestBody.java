// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The body of a request, read when it is first asked for, within limits of its own and of all bodies together.
final class RequestBody implements AutoCloseable {

    private static final int PIECE = 8192;

    private final ServerRequest request;
    private final int most;
    private final BodyRoom room;
    private byte @Nullable [] bytes;
    private long held;
    private boolean broken;

    /// @param most bytes
    RequestBody(ServerRequest request, int most, BodyRoom room) {
        this.request = request;
        this.most = most;
        this.room = room;
    }

    /// Whether something went wrong after which nobody knows where the next request begins.
    boolean isBroken() {
        return broken;
    }

    /// Whether there is one that is not worth reading only to come to the next request.
    boolean isLargeAndUnread() {
        return bytes == null && request.content().hasEntity()
                && request.headers().contentLength().orElse(Long.MAX_VALUE) > HelidonExchange.BUFFER;
    }

    /// @throws RequestFailure if it is too large, malformed, or does not come in time
    byte[] bytes(HelidonExchange.Timed timed) {
        byte[] read = bytes;
        if (read == null) {
            read = request.content().hasEntity() ? read(timed) : new byte[0];
            bytes = read;
        }
        return read;
    }

    private byte[] read(HelidonExchange.Timed timed) {
        long length = request.headers().contentLength().orElse(PIECE);
        if (length > most) {
            throw failure(FailureKind.PAYLOAD_TOO_LARGE, tooLarge());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream((int) Math.min(HelidonExchange.BUFFER, length));
        try {
            timed.run(Deadlines.Phase.READING, () -> readInto(all));
        } catch (RequestException e) {
            throw failure(FailureKind.ofStatus(e.status().code()), e.status() == Status.REQUEST_ENTITY_TOO_LARGE_413
                    ? tooLarge() : "the body is malformed: " + e.getMessage());
        } catch (NumberFormatException e) {
            throw failure(FailureKind.BAD_REQUEST, "the body is malformed: the size of a chunk is no number");
        } catch (RequestFailure e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Helidon has several exceptions for a connection that ends.
            throw failure(FailureKind.TIMEOUT, "the body did not come in time");
        }
        return all.toByteArray();
    }

    private void readInto(ByteArrayOutputStream all) throws IOException {
        byte[] some = new byte[PIECE];
        // Not closed here: that would read what is left of it.
        InputStream in = request.content().inputStream();
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            if (!room.take(count)) {
                broken = true;
                throw RequestFailure.overloaded("the bodies of all requests have more than " + room.most()
                        + " bytes together; ask again later", 1).withHeader("Connection", "close");
            }
            held += count;
            all.write(some, 0, count);
            if (all.size() > most) {
                throw failure(FailureKind.PAYLOAD_TOO_LARGE, tooLarge());
            }
        }
    }

    private RequestFailure failure(FailureKind kind, String message) {
        broken = true;
        return RequestFailure.of(kind, message).withHeader("Connection", "close");
    }

    private String tooLarge() {
        return "the body has more than " + most + " bytes";
    }

    /// Gives its room to others.
    @Override
    public void close() {
        room.give(held);
        held = 0;
    }
}
