// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/// Tells a client that speaks something else than HTTP/1.1 or HTTP/2 so. Helidon would close its connection without a word.
final class OtherProtocols implements ServerConnectionSelector {

    private static final int LINE = 256;
    private static final byte TLS_HANDSHAKE = 0x16;

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData first) {
        return answer(first).isEmpty() ? Support.UNSUPPORTED : Support.SUPPORTED;
    }

    /// What is said to who begins like this; empty for what Helidon answers.
    private static String answer(BufferData first) {
        if (first.available() > 0 && first.get(0) == TLS_HANDSHAKE) {
            return answer("400 Bad Request", "this port speaks HTTP, and not HTTPS");
        }
        int end = first.indexOf((byte) '\n');
        if (end < 0 || end > LINE) {
            return "";
        }
        StringBuilder line = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            line.append((char) (first.get(i) & 0xff));
        }
        if (line.toString().endsWith(" HTTP/1.1\r") || line.toString().startsWith("PRI * HTTP/2.0")) {
            return "";
        }
        return line.toString().matches(".* HTTP/\\d+(\\.\\d+)?\\r") && !line.toString().endsWith(" HTTP/1.1\r")
                ? answer("505 HTTP Version Not Supported", "only HTTP/1.1 and HTTP/2 are spoken here")
                : answer("400 Bad Request", "the first line is not one of HTTP/1.1: METHOD PATH HTTP/1.1, and CR LF");
    }

    private static String answer(String status, String message) {
        String body = "{\"error\":\"" + message + "\",\"error_type\":\"Validation\"}";
        return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Refusal(context);
    }

    /// Answers, and ends.
    private record Refusal(ConnectionContext context) implements ServerConnection {

        @Override
        public void handle(Limit limit) {
            String answer = answer(context.dataReader().getBuffer(context.dataReader().available()));
            context.dataWriter().writeNow(BufferData.create(answer.getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            // It ends by itself.
        }
    }
}
