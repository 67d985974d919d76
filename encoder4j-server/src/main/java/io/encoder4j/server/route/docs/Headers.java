// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.docs;

import static io.encoder4j.server.route.docs.Schemas.ordered;

import java.util.LinkedHashMap;
import java.util.Map;

/// The headers of requests and of answers.
final class Headers {

    /// Those of every answer that was computed.
    static final Map<String, Object> USAGE = ordered(
            "x-compute-type", "What computed: cpu.",
            "x-compute-time", "Milliseconds for tokens and for the model.",
            "x-compute-characters", "Characters of the inputs.",
            "x-compute-tokens", "Tokens that the model read, special ones included.",
            "x-truncated-inputs", "Inputs that were cut, since they were too long.",
            "x-truncated-tokens", "Tokens that were cut off.",
            "x-total-time", "Milliseconds since the request came.",
            "x-tokenization-time", "Milliseconds for tokens.",
            "x-queue-time", "Milliseconds of waiting.",
            "x-inference-time", "Milliseconds of the model.");

    private static final Map<String, Object> STRING = Map.of("type", "string");
    private static final Map<String, Object> INTEGER = Map.of("type", "integer");

    private Headers() { }

    /// Headers that a client may send.
    static Map<String, Object> parameters() {
        return ordered("request-id", ordered("name", "x-request-id", "in", "header", "description",
                        "A name for the request, in the log and in the answer; a new one, if it is left out.", "schema", STRING),
                "request-timeout-ms", ordered("name", "x-request-timeout-ms", "in", "header", "description",
                        "Milliseconds after which the client does not want the answer.", "schema",
                        ordered("type", "integer", "minimum", 1, "maximum", 99_999_999)));
    }

    /// Headers of answers.
    static Map<String, Object> answers() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("x-request-id", ordered("description", "The request's name.", "schema", STRING));
        USAGE.forEach((name, description) -> all.put(name, ordered("description", description, "schema",
                name.equals("x-compute-type") ? STRING : INTEGER)));
        return all;
    }
}
