// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.failure;

/// Kinds of failures, as clients tell them apart.
public enum FailureKind {
    /// The body is not JSON.
    BAD_JSON(400, "Validation", "bad_json"),
    /// What HTTP itself does not allow.
    BAD_REQUEST(400, "Validation", "bad_request"),
    /// There is nothing to compute.
    EMPTY_INPUT(400, "Empty", "empty_input"),
    /// The key is missing or wrong.
    UNAUTHORIZED(401, "Unauthorized", "invalid_api_key"),
    /// There is no such route.
    NOT_FOUND(404, "NotFound", "not_found"),
    /// There is no such model.
    MODEL_NOT_FOUND(404, "NotFound", "model_not_found"),
    /// The route has other methods.
    METHOD_NOT_ALLOWED(405, "Validation", "method_not_allowed"),
    /// The client was too slow.
    TIMEOUT(408, "Timeout", "timeout"),
    /// The body is too large.
    PAYLOAD_TOO_LARGE(413, "Validation", "payload_too_large"),
    /// The address is too long.
    URI_TOO_LONG(414, "Validation", "uri_too_long"),
    /// The body is not in a form that is read here.
    UNSUPPORTED_MEDIA(415, "Validation", "unsupported_media"),
    /// A field is missing, unknown or has a value that makes no sense.
    INVALID(422, "Validation", "invalid_request"),
    /// An input has too many tokens, and cutting it is not allowed.
    TOO_LONG(422, "Validation", "input_too_long"),
    /// The tokenizer refuses an input.
    TOKENIZER(422, "Tokenizer", "not_tokenizable"),
    /// No model does what was asked for.
    WRONG_TASK(424, "Backend", "wrong_task"),
    /// There are too many headers.
    HEADERS_TOO_LARGE(431, "Validation", "headers_too_large"),
    /// There is more to do than can be done in time.
    OVERLOADED(429, "Overloaded", "overloaded"),
    /// The client went away; nobody reads this.
    CANCELLED(499, "Backend", "cancelled"),
    /// A fault of the server.
    INTERNAL(500, "Backend", "internal"),
    /// The model's numbers left float32.
    NON_FINITE(500, "Backend", "non_finite"),
    /// The server starts or stops.
    UNAVAILABLE(503, "Unhealthy", "unavailable");

    private final int status;
    private final String teiType;
    private final String code;

    FailureKind(int status, String teiType, String code) {
        this.status = status;
        this.teiType = teiType;
        this.code = code;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// TEI's `error_type`.
    public String teiType() {
        return teiType;
    }

    /// A stable name, for programs and counters.
    public String code() {
        return code;
    }

    /// OpenAI's `type`.
    String openAiType() {
        return switch (this) {
            case UNAUTHORIZED -> "authentication_error";
            case OVERLOADED -> "rate_limit_error";
            case INTERNAL, NON_FINITE, UNAVAILABLE, CANCELLED -> "server_error";
            default -> "invalid_request_error";
        };
    }

    /// The kind that a status of the HTTP library means.
    public static FailureKind ofStatus(int status) {
        for (FailureKind kind : values()) {
            if (kind.status == status && kind != BAD_JSON) {
                return kind;
            }
        }
        return status < 500 ? BAD_REQUEST : INTERNAL;
    }
}
