// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.failure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that gets no answer, with what its client is told: a sentence, and for programs a kind and the field it is about.
public final class RequestFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final FailureKind kind;
    private final @Nullable String field;
    private final transient Map<String, String> headers;

    private RequestFailure(FailureKind kind, String message, @Nullable String field, Map<String, String> headers,
            @Nullable Throwable cause) {
        // Most failures are the client's, and there may be many: only those of the server need to say where they came from.
        super(message, cause, false, kind.status() >= 500);
        this.kind = kind;
        this.field = field;
        this.headers = headers;
    }

    /// A failure of the request as a whole.
    public static RequestFailure of(FailureKind kind, String message) {
        return new RequestFailure(kind, message, null, Map.of(), null);
    }

    /// A failure because of another.
    public static RequestFailure of(FailureKind kind, String message, Throwable cause) {
        return new RequestFailure(kind, message, null, Map.of(), cause);
    }

    /// A field that is wrong.
    ///
    /// @param message begins with what is wrong; the field's name is put before it
    public static RequestFailure field(FailureKind kind, String field, String message) {
        return new RequestFailure(kind, "`" + field + "` " + message, field, Map.of(), null);
    }

    /// The commonest: a field with a value that makes no sense.
    public static RequestFailure invalid(String field, String message) {
        return field(FailureKind.INVALID, field, message);
    }

    /// Too much to do.
    ///
    /// @param seconds after which to ask again
    public static RequestFailure overloaded(String message, long seconds) {
        return new RequestFailure(FailureKind.OVERLOADED, message, null, Map.of("Retry-After", Long.toString(seconds)), null);
    }

    /// The same with another header besides.
    public RequestFailure withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        RequestFailure same = new RequestFailure(kind, String.valueOf(getMessage()), field, more, getCause());
        same.setStackTrace(getStackTrace());
        return same;
    }

    /// What it is.
    public FailureKind kind() {
        return kind;
    }

    /// The field that is wrong, with an index where it has several values; null if it is none.
    public @Nullable String field() {
        return field;
    }

    /// Headers that belong to the answer.
    public Map<String, String> headers() {
        return headers;
    }

    /// What is said.
    public String message() {
        return String.valueOf(getMessage());
    }
}
