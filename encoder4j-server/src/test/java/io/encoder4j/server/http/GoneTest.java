// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.server.config.Limits;
import io.encoder4j.server.config.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whether it is seen that a client went away, while its answer is computed; and that one who waits has not.
@Timeout(60)
class GoneTest {

    private static final byte[] REQUEST = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /// How often it was asked before the client was gone; -1 where it stayed.
    private final BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();

    private final class Slow implements HttpHandler {

        @Override
        public Answer answer(Request request) {
            int asked = 0;
            while (asked < 10 && !request.isGone()) {
                asked++;
                sleep();
            }
            seen.add(asked < 10 ? asked : -1);
            return new Fine();
        }

        @Override
        public Response refusal(String path, int status, String why) {
            return Response.empty(status);
        }
    }

    private static final class Fine implements HttpHandler.Answer {

        @Override
        public Response response() {
            return Response.text("text/plain", "fine");
        }

        @Override
        public Response failed(RuntimeException thrown) {
            throw thrown;
        }

        @Override
        public void sent(long bytes, boolean whole) { }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(80);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Integer next() throws InterruptedException {
        return seen.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void whoWaitsIsThereAndWhoClosesIsGone() throws Exception {
        try (HttpServer server = new HttpServer(Listening.defaults().withPort(0), Limits.defaults(), Duration.ofSeconds(1), new Slow())) {
            server.start();
            try (Socket waiting = connect(server)) {
                // Several on one connection: what watched the first must leave it as it was.
                for (int i = 0; i < 3; i++) {
                    waiting.getOutputStream().write(REQUEST);
                    assertThat(read(waiting)).endsWith("fine");
                    assertThat(next()).isEqualTo(-1);
                }
                // And one that sends the next before it has the answer.
                waiting.getOutputStream().write(REQUEST);
                sleep();
                waiting.getOutputStream().write(REQUEST);
                assertThat(next()).isEqualTo(-1);
                assertThat(next()).isEqualTo(-1);
            }
            try (Socket leaving = connect(server)) {
                leaving.getOutputStream().write(REQUEST);
                sleep();
            }
            assertThat(next()).isBetween(1, 9);
        }
    }

    private static Socket connect(HttpServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String read(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("fine") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                break;
            }
            text.append((char) b);
        }
        return text.toString();
    }
}
