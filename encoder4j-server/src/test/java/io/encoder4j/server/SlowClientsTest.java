// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.ModelOptions;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that are slow on purpose are closed by a deadline, and clients that went away cost nothing more.
@Timeout(60)
class SlowClientsTest {

    private static final String HEAD = "POST /embed_all HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.with(config -> config.withLimits(config.limits().withClientTimeout(Duration.ofSeconds(1))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        boolean holds = condition.getAsBoolean();
        for (int i = 0; i < 1500 && !holds; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
            holds = condition.getAsBoolean();
        }
        assertThat(holds).isTrue();
    }

    /// Writes a byte now and then until the server has enough, and returns what it says.
    private static String drip(Raw raw, String bytes) throws Exception {
        for (int i = 0; i < 40; i++) {
            raw.write(bytes);
            TimeUnit.MILLISECONDS.sleep(100);
            if (raw.socket.getInputStream().available() > 0) {
                break;
            }
        }
        return raw.rest();
    }

    @Test
    void headersThatNeverEnd() throws Exception {
        try (Raw raw = new Raw(server.server.port())) {
            raw.write("GET /health HTTP/1.1\r\nHost: a\r\nX: ");
            assertThat(drip(raw, "a")).startsWith("HTTP/1.1 408 ").contains("the request did not come in time");
        }
    }

    @Test
    void aBodyThatNeverEnds() throws Exception {
        try (Raw raw = new Raw(server.server.port())) {
            raw.write(HEAD + "Content-Length: 1000\r\n\r\n{");
            assertThat(drip(raw, " ")).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aLargeAnswerThatNobodyReads() throws Exception {
        String inputs = "\"word word word word word word word word word word word word word word word word word word\",".repeat(31);
        String body = "{\"inputs\":[" + inputs + "\"a\"]}";
        List<Raw> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Raw raw = new Raw(server.server.port());
                raw.socket.setReceiveBufferSize(1024);
                clients.add(raw);
                for (int request = 0; request < 30; request++) {
                    raw.write(HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                }
            }
            HttpResponse<String> healthy = server.post("/embed", "{\"inputs\":\"a\"}");
            assertThat(healthy.statusCode()).isEqualTo(200);
            await(() -> server.metric("te_requests_in_progress") <= 1);
            await(() -> server.metric("te_inputs_in_progress") == 0);
        } finally {
            for (Raw client : clients) {
                client.close();
            }
        }
    }

    @Test
    void clientsThatReset() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (Raw raw = new Raw(server.server.port())) {
                raw.socket.setSoLinger(true, 0);
                raw.write(i % 2 == 0 ? HEAD + "Content-Length: 100\r\n\r\n{\"inp" : HEAD + "Content-Length: 14\r\n\r\n{\"inputs\":\"a\"}");
            }
        }
        await(() -> server.metric("te_requests_in_progress") <= 1);
        assertThat(server.log()).doesNotContain("fault");
    }

    /// Computing takes longer than the server waits between two looks at the client; the answer is longer than its buffer.
    @Test
    void aClientThatWaitsGetsALongAnswerWhole() throws Exception {
        String body = "{\"inputs\":[" + "\"a man is eating food and a cat sleeps\",".repeat(400).replaceAll(",$", "") + "],\"truncate\":true}";
        try (TestServer slow = TestServer.with(config -> config.withLimits(config.limits().withInputs(1000, 1000))
                .withOptions(ModelOptions.defaults().withThreads(1).withKernels("scalar")))) {
            String answer = Raw.post(slow.server.port(), "/embed_all", "Content-Type: application/json\r\n",
                    body.getBytes(StandardCharsets.UTF_8));
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("ransfer-").endsWith("\r\n0\r\n\r\n");
        }
    }
}
