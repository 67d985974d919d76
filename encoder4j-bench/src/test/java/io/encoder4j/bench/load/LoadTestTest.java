// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadTestTest {

    private static final int MILLIS = 20;

    /// One request at a time is computed, two wait, others are turned away.
    private final Semaphore places = new Semaphore(3);
    private final Semaphore processor = new Semaphore(1);
    private final StringWriter out = new StringWriter();
    private @Nullable HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/embed", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!body.contains("\"inputs\":[\"")) {
            exchange.sendResponseHeaders(400, -1);
        } else if (!places.tryAcquire()) {
            exchange.getResponseHeaders().add("Retry-After", "1");
            exchange.sendResponseHeaders(429, -1);
        } else {
            try {
                processor.acquireUninterruptibly();
                Thread.sleep(MILLIS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                processor.release();
                places.release();
            }
            exchange.getResponseHeaders().add("x-compute-tokens", "5");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("[]".getBytes(StandardCharsets.UTF_8));
        }
        exchange.close();
    }

    private Target target() {
        return new Target(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "key", List.of("one", "two", "three"), 2);
    }

    @Test
    void overloadIsToldAndCounted() throws IOException {
        try (Target target = target()) {
            assertThat(target.requests()).isEqualTo(2);
            List<LoadFigure> figures = new LoadTest(target, 0.6, new PrintWriter(out, true)).steps(2, List.of(0.5, 4.0));
            assertThat(figures).hasSize(3);
            LoadFigure capacity = figures.get(0);
            assertThat(capacity.goodput()).isBetween(5.0, 1000.0 / MILLIS);
            assertThat(capacity.tokensPerSecond()).isCloseTo(5 * capacity.goodput(), org.assertj.core.data.Offset.offset(1e-6));
            assertThat(capacity.rejected()).isZero();
            LoadFigure overload = figures.get(2);
            assertThat(overload.rejected()).isPositive();
            assertThat(overload.withoutRetryAfter()).isZero();
            assertThat(overload.failed()).isZero();
            assertThat(overload.p50()).isGreaterThanOrEqualTo(MILLIS);
            assertThat(out.toString().lines()).hasSize(4).last().asString().startsWith("4.00 × capacity");
        }
    }

    @Test
    void aRequestThatHadToWaitCountsFromWhenItWasMeant() {
        Tally tally = new Tally();
        tally.add(new Reply(200, 7, false), 2_000_000);
        tally.add(new Reply(429, 0, false), 1_000_000);
        tally.add(Reply.BROKEN, 1);
        LoadFigure figure = tally.figure("test", 3, 2);
        assertThat(figure.p99()).isEqualTo(2.0);
        assertThat(figure.tokensPerSecond()).isEqualTo(3.5);
        assertThat(figure.rejectedP99()).isEqualTo(1.0);
        assertThat(figure.withoutRetryAfter()).isEqualTo(1);
        assertThat(figure.failed()).isEqualTo(1);
    }

    @Test
    void onlyThisMachineIsLoaded() {
        assertThatThrownBy(() -> new Target(URI.create("http://192.168.1.1:8080"), null, List.of("a"), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--url must be an http address of this machine, such as http://127.0.0.1:8080; got http://192.168.1.1:8080");
        assertThatThrownBy(() -> new Target(URI.create("8080"), null, List.of("a"), 1)).hasMessageContaining("got 8080");
    }

    @Test
    void aServerThatIsNotThereIsASentence() {
        server.stop(0);
        try (Target target = target()) {
            assertThatThrownBy(() -> new LoadTest(target, 0.05, new PrintWriter(out)).steps(1, List.of(1.0)))
                    .isInstanceOf(IOException.class).hasMessageStartingWith("the server answered no request with 200: 0 with 429, ");
        }
    }
}
