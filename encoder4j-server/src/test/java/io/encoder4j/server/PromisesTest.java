// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.server.config.Listening;
import io.encoder4j.server.config.ModelSource;
import io.encoder4j.server.config.ServerConfig;
import io.encoder4j.server.model.StartFailure;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the server promises while much goes on at once.
@Timeout(120)
class PromisesTest {

    private static String json(List<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "{\"inputs\":[", "]}"));
    }

    /// Results are there before the thread that computed them comes to anything else.
    @Test
    void timesAreThoseOfTheRequest() throws Exception {
        try (TestServer server = TestServer.with(config -> config)) {
            for (int i = 0; i < 50; i++) {
                HttpResponse<String> answer = server.post("/embed", json(List.of("text " + i)));
                long inference = answer.headers().firstValueAsLong("x-inference-time").orElseThrow();
                assertThat(inference).isBetween(0L, answer.headers().firstValueAsLong("x-total-time").orElseThrow());
            }
        }
    }

    @Test
    void roomIsForAllInputsOrForNone() throws Exception {
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withInputs(4, 32)))) {
            HttpResponse<String> never = server.post("/embed", json(List.of("a", "b", "c", "d", "e")));
            assertThat(never.statusCode()).isEqualTo(422);
            assertThat(never.body()).contains("5 inputs are more than the server takes at once (4)");
            assertThat(server.post("/embed", json(List.of("a", "b", "c", "d"))).statusCode()).isEqualTo(200);
        }
    }

    /// Offered more than it can do, a server says so at once, and what it takes it answers.
    @Test
    void overloadIsTold() throws Exception {
        String text = "a longer text about a house ".repeat(4);
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withInputs(16, 8)));
                ExecutorService clients = Executors.newFixedThreadPool(24)) {
            server.post("/embed", json(List.of("warm")));
            ConcurrentLinkedQueue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < 24; client++) {
                int number = client;
                all.add(clients.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        String one = text + number + " " + i;
                        answers.add(server.post("/embed", json(List.of(one, one + "a", one + "b", one + "c", one + "d", one + "e"))));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(answers).hasSize(480).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 429));
            assertThat(answers.stream().filter(answer -> answer.statusCode() == 429)).isNotEmpty().allSatisfy(answer -> {
                assertThat(answer.headers().firstValueAsLong("retry-after").orElse(0)).isPositive();
                assertThat(answer.body()).isEqualTo("{\"error\":\"Model is overloaded\",\"error_type\":\"Overloaded\"}");
            });
            assertThat(server.get("/metrics").body()).contains("te_inputs_in_progress 0.0").contains("te_queue_size 0.0");
        }
    }

    @Test
    void largerRequestsAreSplitIfTheServerIsToldSo() throws Exception {
        List<String> texts = IntStream.range(0, 100).mapToObj(i -> "text " + i).toList();
        try (TestServer server = TestServer.with(config -> config.withLimits(
                config.limits().withInputs(64, 16).withSplitClientBatches()))) {
            HttpResponse<String> answer = server.post("/embed", json(texts));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Json.of(answer).size()).isEqualTo(100);
            assertThat(Json.of(answer).at(77).toString()).isEqualTo(Json.of(server.post("/embed", json(List.of("text 77")))).at(0).toString());
        }
    }

    @Test
    void aClientsDeadlineHolds() throws Exception {
        try (TestServer server = TestServer.with(config -> config)) {
            HttpResponse<String> wrong = server.send(server.request("/embed").header("Content-Type", "application/json")
                    .header("x-request-timeout-ms", "soon").POST(BodyPublishers.ofString("{\"inputs\":\"a\"}")));
            assertThat(wrong.body()).contains("`x-request-timeout-ms` must be a number of milliseconds");
            assertThat(server.send(server.request("/embed").header("Content-Type", "application/json")
                    .header("x-request-timeout-ms", "30000").POST(BodyPublishers.ofString("{\"inputs\":\"a\"}"))).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theKeyIsAskedForAndNeverLogged() throws Exception {
        try (TestServer server = TestServer.with(config -> config.withListening(config.listening().withApiKey("open-sesame")))) {
            for (String given : List.of("", "Bearer wrong", "open-sesame", "Bearer open-sesame2", "bearer open-sesame")) {
                HttpResponse<String> refused = server.send(server.request("/v1/models").header("Authorization", given + " ").GET());
                assertThat(refused.statusCode()).as(given).isEqualTo(401);
                assertThat(refused.body()).contains("invalid_api_key");
            }
            assertThat(server.send(server.request("/v1/models").header("Authorization", "Bearer open-sesame").GET()).statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
            assertThat(server.get("/metrics").statusCode()).isEqualTo(200);
            assertThat(server.log()).doesNotContain("sesame");
        }
    }

    /// Clients that ask without a pause while the server stops: each request has an answer, or found no server any more.
    @Test
    void stoppingLosesNoRequest() throws Exception {
        TestServer server = TestServer.with(config -> config);
        AtomicBoolean stopped = new AtomicBoolean();
        ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (int client = 0; client < 8; client++) {
                clients.submit(() -> ask(server.server.port(), stopped, lost));
            }
            TimeUnit.MILLISECONDS.sleep(500);
            server.server.close();
            stopped.set(true);
        }
        assertThat(lost).isEmpty();
        assertThat(server.log()).contains(" 200 ").doesNotContain("cancelled");
    }

    private static void ask(int port, AtomicBoolean stopped, ConcurrentLinkedQueue<String> lost) {
        String body = json(List.of("some words to read", "and others"));
        while (!stopped.get()) {
            try (Raw raw = new Raw(port)) {
                raw.write("POST /embed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body);
                String answer = raw.rest();
                if (!answer.isEmpty() && !answer.endsWith("]]") && !answer.endsWith("}")) {
                    lost.add(answer);
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void everythingThatIsWrongAtTheStartIsTold() {
        ServerConfig config = TestServer.config().withModels(new ModelSource("one", "none/such/one"), TestServer.EMBEDDER,
                new ModelSource("two", "none/such/two.onnx"));
        assertThatThrownBy(() -> new TestServer(config)).isInstanceOf(StartFailure.class).hasMessageContaining("model one: ")
                .hasMessageContaining("model two: there is no such file: none/such/two.onnx");
        assertThat(TestServer.config().withModels(TestServer.EMBEDDER, TestServer.EMBEDDER).problems()).containsExactly(
                "two models are called 'tiny'; give each a name of its own, as NAME=PLACE");
        assertThat(TestServer.config().withListening(new Listening("0.0.0.0", 0, null, false, List.of(), null,
                null)).problems()).containsExactly("others can reach 0.0.0.0: set an API key, or set insecure if everybody may use the"
                + " server");
    }

    @Test
    void filesThatAreNoCertificateStopTheStart() {
        Path none = Path.of("pom.xml");
        ServerConfig config = TestServer.config().withListening(new Listening("127.0.0.1", 0, null, false, List.of(), none, none));
        assertThatThrownBy(() -> new TestServer(config)).isInstanceOf(StartFailure.class)
                .hasMessageContaining("HTTPS needs a certificate chain and its PKCS#8 key in PEM, which pom.xml and pom.xml are not: ");
    }

    @Test
    void aPortThatIsTakenStopsTheStart() throws Exception {
        try (TestServer first = TestServer.with(config -> config)) {
            ServerConfig same = TestServer.config().withListening(TestServer.config().listening().withPort(first.server.port()));
            assertThatThrownBy(() -> new TestServer(same)).isInstanceOf(StartFailure.class)
                    .hasMessageContaining("it cannot listen at 127.0.0.1:" + first.server.port() + ": the port is in use");
            assertThat(first.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRequestThatWaitsTooLongIsGivenUp() throws Exception {
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withQueueTimeout(Duration.ofNanos(1))))) {
            HttpResponse<String> answer = server.post("/embed", json(List.of("a")));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(server.get("/metrics").body()).contains("te_inputs_in_progress 0.0");
        }
    }
}
