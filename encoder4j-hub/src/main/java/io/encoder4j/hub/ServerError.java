// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a server's error status into an exception whose message says what to do.
final class ServerError {

    private ServerError() { }

    /// An error that may go away: worth another try.
    static final class Temporary extends IOException {

        private static final long serialVersionUID = 1L;

        /// How long the server asks to wait, if it does.
        private final transient @Nullable Duration retryAfter;

        Temporary(String message, @Nullable Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    static IOException of(HubAnswer answer, HubId id, String name, HubSettings settings) {
        int status = answer.status();
        String what = id + (name.isEmpty() ? "" : ": " + name);
        String code = answer.header("X-Error-Code").orElse("");
        return switch (status) {
            case 408, 429, 500, 502, 503, 504 -> new Temporary(what + ": " + answer.response().uri().getHost() + " answers "
                    + status + reason(status), retryAfter(answer));
            case 401, 403, 404 -> {
                String message = what + ": " + denied(status, code, id, name, settings);
                boolean mayExist = status == 403 || code.equals("GatedRepo") || !name.isEmpty();
                yield mayExist ? new HubException(message) : HubException.notFound(message);
            }
            case 407 -> new HubException(what + ": the proxy asks for a name and a password (407); give them in HTTPS_PROXY or"
                    + " HTTP_PROXY, as http://NAME:PASSWORD@HOST:PORT");
            default -> new HubException(what + ": " + answer.response().uri().getHost() + " answers " + status
                    + ", expected 200");
        };
    }

    private static String reason(int status) {
        return switch (status) {
            case 408 -> " (it waited too long)";
            case 429 -> " (too many requests)";
            default -> " (it has a problem of its own)";
        };
    }

    private static String denied(int status, String code, HubId id, String name, HubSettings settings) {
        boolean token = settings.token() != null;
        String page = settings.endpoint() + "/" + id.repo();
        if (code.equals("GatedRepo") || status == 403) {
            return "is gated (" + status + "): accept its conditions at " + page + (token
                    ? ", signed in as the owner of the token that HF_TOKEN or HF_HOME gives"
                    : ", then set HF_TOKEN to a token of yours");
        }
        if (code.equals("RevisionNotFound")) {
            return "there is no revision '" + id.revision() + "' of " + page + " (" + status + ")";
        }
        if (status == 404 && !name.isEmpty()) {
            return "the file is not there any more (404); try again";
        }
        return "there is no such model at " + settings.endpoint() + ", or it is private (" + status + "): check the name"
                + (token ? ", and that the token in HF_TOKEN or HF_HOME is valid and may read it"
                        : "; for a private model set HF_TOKEN");
    }

    private static @Nullable Duration retryAfter(HubAnswer answer) {
        String text = answer.response().headers().firstValue("Retry-After").orElse("").strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Duration until = text.isEmpty() ? null : Duration.between(ZonedDateTime.now(),
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return until == null || until.isNegative() ? null : until;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
