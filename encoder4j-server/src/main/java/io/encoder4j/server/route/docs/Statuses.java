// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.docs;

import static io.encoder4j.server.route.docs.Schemas.ordered;

import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.FailureKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// How failures are told.
final class Statuses {

    /// Statuses of a route that computes, and when they come.
    static final Map<String, String> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("400", "The body is not JSON, or there is nothing to compute."),
            Map.entry("401", "The API key is missing or wrong."),
            Map.entry("404", "There is no model of that name."),
            Map.entry("408", "The body did not come in time."),
            Map.entry("413", "The body is too large."),
            Map.entry("415", "The body is not application/json, or has a Content-Encoding."),
            Map.entry("422", "A field is wrong, missing or unknown, or an input is too long and must not be cut."),
            Map.entry("424", "No model does this task."),
            Map.entry("429", "The server has enough to do; Retry-After says when to ask again."),
            Map.entry("500", "A fault of the server, or numbers that are not finite."),
            Map.entry("503", "The server starts or stops.")));

    private static final Map<String, Object> STRING = Map.of("type", "string");

    private Statuses() { }

    /// The schema of a failure's body.
    static Map<String, Object> body(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> object(ordered("error", object(ordered("message", STRING, "type", STRING,
                    "param", Map.of("type", List.of("string", "null")), "code", words(Arrays.stream(FailureKind.values())
                            .map(FailureKind::code))))));
            case TEI -> object(ordered("error", STRING, "error_type", words(Arrays.stream(FailureKind.values())
                    .map(FailureKind::teiType))));
            case RERANK -> object(ordered("message", STRING, "detail", STRING));
        };
    }

    private static Map<String, Object> words(Stream<String> words) {
        return ordered("type", "string", "enum", words.distinct().toList());
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return ordered("type", "object", "properties", properties, "required", List.copyOf(properties.keySet()),
                "additionalProperties", false);
    }
}
