// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.encoder4j.server.json.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// What a client gets.
///
/// @param status  of HTTP
/// @param headers besides the type and the length
/// @param type    of the content; empty for no content
/// @param body    writes the content
public record Response(int status, Map<String, String> headers, String type, Body body) {

    /// JSON, as RFC 8259 has it: always UTF-8.
    public static final String JSON = "application/json";

    /// Writes content. Only after it has written much of it is anything sent, so that it may still fail before.
    public interface Body {

        /// @throws IOException if the client is gone
        void writeTo(OutputStream out) throws IOException;
    }

    /// JSON, written piece by piece.
    public static Response json(Consumer<JsonGenerator> content) {
        return new Response(200, Map.of(), JSON, out -> JsonText.to(out, content));
    }

    /// Content that is there already.
    public static Response of(int status, String type, byte[] content) {
        return new Response(status, Map.of(), type, out -> out.write(content));
    }

    /// A text.
    public static Response text(String type, String content) {
        return of(200, type, content.getBytes(StandardCharsets.UTF_8));
    }

    /// Nothing.
    public static Response empty(int status) {
        return new Response(status, Map.of(), "", _ -> { });
    }

    /// The same with more headers.
    public Response with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Response(status, all, type, body);
    }
}
