// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Requests that a server must not take, one at random each time; the same sequence for the same seed.
final class Attacks {

    private static final String HEAD = "POST /embed HTTP/1.1\r\nHost: a\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final int BODY = 300_000;

    private final int port;
    private final Random random;

    Attacks(int port, long seed) {
        this.port = port;
        random = new Random(seed);
    }

    /// A request, and whether its client reads the answer.
    void next() throws Exception {
        byte[] request = request().getBytes(StandardCharsets.ISO_8859_1);
        try (Raw raw = new Raw(port)) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    raw.socket.setSoLinger(true, 0);
                    raw.write(request);
                }
                case 1 -> raw.write(Arrays.copyOf(request, random.nextInt(request.length)));
                case 2 -> {
                    raw.write(request);
                    raw.socket.shutdownOutput();
                }
                default -> {
                    raw.write(request);
                    raw.socket.setSoTimeout(200);
                    read(raw);
                }
            }
        } catch (IOException e) {
            // Refused or reset: that is what is asked for.
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static void read(Raw raw) throws IOException {
        String answer = raw.rest();
        if (answer.startsWith("HTTP/1.1 200") && answer.contains("[[")) {
            throw new AssertionError("an attack got vectors: " + answer);
        }
    }

    private String post(String headers, String body) {
        return HEAD + headers + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    private String request() {
        return pick(
                HEAD + JSON + "Content-Length: 2000001\r\n\r\n" + "x".repeat(BODY),
                HEAD + JSON + "Content-Length: -1\r\n\r\n",
                HEAD + JSON + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
                HEAD + JSON + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
                HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
                HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\n" + ("10000\r\n" + "x".repeat(0x10000) + "\r\n").repeat(4),
                HEAD + "X: a\0b\r\n\r\n", HEAD + "X: a\r\n b\r\n\r\n", HEAD + "X-A: b\r\n".repeat(300) + "\r\n",
                HEAD + "X: " + "a".repeat(100_000), "GET /" + "a".repeat(50_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.0\r\n\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0".repeat(40), "GET /health\r\n",
                post("", "{\"inputs\":\"a\"}"), post("Content-Type: text/plain\r\n", "a"),
                post(JSON + "Content-Encoding: gzip\r\n", "\u001f\u008b"), post(JSON, "{\"inputs\":" + "[".repeat(BODY)),
                post(JSON, "{\"inputs\":" + "1".repeat(BODY) + "}"), post(JSON, "{\"inputs\":1e400}"),
                post(JSON, "{\"inputs\":\"a\",\"inputs\":\"b\"}"), post(JSON, "{\"inputs\":[" + "\"\",".repeat(50_000) + "\"\"]}"),
                post(JSON, "{\"inputs\":[" + "\"a\",".repeat(33) + "\"a\"]}"), post(JSON, "{\"inputs\":[1,\"a\"]}"),
                post(JSON, "{\"inputs\":\"a\",\"dimensions\":1000000000}"), post(JSON, "{\"inputs\":\"a\",\"model\":\"x\"}"),
                post(JSON + "Authorization: Bearer " + "k".repeat(5000) + "\r\n", "{}"),
                "POST /rerank HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: 60\r\n\r\n{\"query\":\"a\"", "\0\0\0\0\n\n\n");
    }

    private String pick(String... requests) {
        return List.of(requests).get(random.nextInt(requests.length));
    }
}
