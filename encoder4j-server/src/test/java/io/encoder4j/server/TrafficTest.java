// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.ModelOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Good clients among bad ones. A little of it in every build; all of it, times included, with `-Dencoder4j.soak=10m`.
@Timeout(900)
class TrafficTest {

    private static Traffic traffic;

    @BeforeAll
    static void compute() throws IOException {
        traffic = Traffic.ofTinyEmbedder();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        boolean holds = condition.getAsBoolean();
        for (int i = 0; i < 2000 && !holds; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
            holds = condition.getAsBoolean();
        }
        assertThat(holds).as(what).isTrue();
    }

    /// Nothing is left of what was asked, and nothing went wrong inside.
    private static void requireQuiet(TestServer server) throws InterruptedException {
        await("no request is in progress but this one", () -> server.metric("te_requests_in_progress") <= 1);
        await("no input is in progress", () -> server.metric("te_inputs_in_progress") == 0);
        await("nothing waits", () -> server.metric("te_queue_size") == 0);
        assertThat(server.log()).doesNotContain(": fault ");
    }

    private static long sockets() throws IOException {
        Path files = Path.of("/proc/self/fd");
        if (!Files.isReadable(files)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(files)) {
            return all.filter(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().startsWith("socket:");
                } catch (IOException e) {
                    // Closed meanwhile.
                    return false;
                }
            }).count();
        }
    }

    private static void report(String test, List<Long> times, double alone) {
        System.err.printf("%s: %d requests, p99 %.1f ms, alone %.1f ms%n", test, times.size(), Traffic.p99(times), alone);
    }

    /// T1.
    @Test
    void bitsDoNotDependOnTheTraffic() throws Exception {
        try (TestServer server = TestServer.with(config -> config)) {
            traffic.run(server, Soak.count(120, 20_000));
            requireQuiet(server);
        }
    }

    /// T3: more than it can do, then little.
    @Test
    void overloadLeavesNothingBehind() throws Exception {
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withInputs(100, 20)));
                ExecutorService others = Executors.newFixedThreadPool(16)) {
            double alone = Traffic.p99(traffic.run(server, Soak.count(20, 2000)));
            long before = sockets();
            AtomicBoolean end = new AtomicBoolean();
            List<Future<Integer>> all = new ArrayList<>();
            for (int client = 0; client < 16; client++) {
                int number = client;
                all.add(others.submit(() -> overload(server, number, end)));
            }
            TimeUnit.MILLISECONDS.sleep(Soak.time(Duration.ofSeconds(2), Duration.ofSeconds(60)).toMillis());
            end.set(true);
            int refused = 0;
            for (Future<Integer> one : all) {
                refused += one.get();
            }
            assertThat(refused).isPositive();
            requireQuiet(server);
            List<Long> after = traffic.run(server, Soak.count(20, 2000));
            report("after overload", after, alone);
            assertThat(Soak.isFull() ? Traffic.p99(after) / alone : 0).isLessThan(2);
            assertThat(sockets()).isLessThanOrEqualTo(before + 60);
        }
    }

    private static int overload(TestServer server, int number, AtomicBoolean end) throws Exception {
        int refused = 0;
        for (int i = 0; !end.get(); i++) {
            String text = number + " and " + i + " of a house".repeat(15);
            int status = server.post("/embed", Traffic.json("inputs", IntStream.range(0, 16).mapToObj(k -> k + text).toList())).statusCode();
            assertThat(status).isIn(200, 429);
            refused += status == 429 ? 1 : 0;
        }
        return refused;
    }

    /// T4: one client has more than enough to do, another asks little. It is not the last in line.
    @Test
    void aShortRequestPassesABook() throws Exception {
        try (TestServer server = TestServer.with(config -> config.withOptions(ModelOptions.defaults().withThreads(2).withKernels("scalar")));
                ExecutorService others = Executors.newFixedThreadPool(2)) {
            String book = Traffic.json("inputs", IntStream.range(0, 32).mapToObj(i -> i + " of a house".repeat(60)).toList());
            AtomicBoolean end = new AtomicBoolean();
            AtomicInteger books = new AtomicInteger();
            Future<?> bulk = others.submit(() -> {
                while (!end.get()) {
                    assertThat(server.post("/embed", book).statusCode()).isEqualTo(200);
                    books.incrementAndGet();
                }
                return null;
            });
            await("a book is read", () -> books.get() > 0);
            int begun = books.get();
            int asked = Soak.count(20, 500);
            for (int i = 0; i < asked; i++) {
                assertThat(server.post("/embed", "{\"inputs\":\"a short text " + i + "\"}").statusCode()).isEqualTo(200);
            }
            // Behind all of a book each, at least as many books would have been read.
            assertThat(books.get() - begun).isLessThan(asked);
            end.set(true);
            bulk.get();
            requireQuiet(server);
        }
    }

    /// T5: bad neighbours.
    @Test
    void attacksDisturbNobody() throws Exception {
        int attackers = 4;
        int each = Soak.count(40, 5000);
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withClientTimeout(Duration.ofSeconds(2))));
                ExecutorService others = Executors.newFixedThreadPool(attackers)) {
            double alone = Traffic.p99(traffic.run(server, Soak.count(20, 2000)));
            List<Future<?>> all = new ArrayList<>();
            for (int attacker = 0; attacker < attackers; attacker++) {
                Attacks attacks = new Attacks(server.server.port(), attacker);
                all.add(others.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        attacks.next();
                    }
                    return null;
                }));
            }
            report("among attacks", traffic.runUntil(server, () -> all.stream().allMatch(Future::isDone)), alone);
            for (Future<?> one : all) {
                one.get();
            }
            requireQuiet(server);
        }
    }

    /// T6: clients that hardly say or take anything are closed by their deadline; others do not notice.
    @Test
    void hundredsOfSlowClients() throws Exception {
        int count = Soak.count(60, 500);
        List<Raw> slow = new ArrayList<>();
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withClientTimeout(Duration.ofSeconds(2))))) {
            double alone = Traffic.p99(traffic.run(server, Soak.count(20, 2000)));
            long before = sockets();
            for (int i = 0; i < count; i++) {
                slow.add(slowClient(server.server.port(), i));
            }
            AtomicBoolean end = new AtomicBoolean();
            Thread dripping = Thread.ofVirtual().start(() -> drip(slow, end));
            List<Long> times = traffic.run(server, Soak.count(40, 5000));
            report("among slow clients", times, alone);
            assertThat(Soak.isFull() ? Traffic.p99(times) / alone : 0).isLessThan(3);
            requireQuiet(server);
            awaitSockets("the server has closed its ends", before + count + 10);
            end.set(true);
            dripping.join();
            for (Raw one : slow) {
                one.close();
            }
            awaitSockets("all are closed", before + 10);
        }
    }

    private static void awaitSockets(String what, long most) throws InterruptedException {
        await(what, () -> {
            try {
                return sockets() <= most;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Slow headers, a slow body, or, of ten one, answers that are more than the system keeps for a client, and that nobody takes.
    private static Raw slowClient(int port, int number) throws IOException {
        Raw raw = new Raw(port);
        if (isReader(number)) {
            raw.socket.setReceiveBufferSize(1024);
            raw.write("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000));
        } else if (number % 2 == 0) {
            raw.write("GET /health HTTP/1.1\r\nHost: a\r\nX: ");
        } else {
            raw.write("POST /embed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        }
        return raw;
    }

    private static boolean isReader(int number) {
        return number % 10 == 9;
    }

    private static void drip(List<Raw> slow, AtomicBoolean end) {
        while (!end.get()) {
            for (int i = 0; i < slow.size(); i++) {
                if (!isReader(i)) {
                    slow.get(i).write(" ");
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// T7: clients that go away at any moment. What they asked for is not computed any more.
    @Test
    void clientsThatGoAway() throws Exception {
        int count = Soak.count(200, 2000);
        try (TestServer server = TestServer.with(config -> config.withLimits(config.limits().withInputs(4096, 32))
                .withOptions(ModelOptions.defaults().withThreads(1).withKernels("scalar")));
                ExecutorService clients = Executors.newFixedThreadPool(40)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(clients.submit(() -> {
                    cutOff(server.server.port(), number);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            requireQuiet(server);
            long cancelled = taken(server.log(), "cancelled");
            assertThat(cancelled).as("inputs of requests that were taken and given up").isPositive();
            assertThat(server.metric("te_batch_next_size_sum")).isLessThan(cancelled + taken(server.log(), "200"));
            assertThat(server.post("/embed", "{\"inputs\":\"still here\"}").statusCode()).isEqualTo(200);
        }
    }

    private static void cutOff(int port, int number) throws Exception {
        Random random = new Random(number);
        String body = Traffic.json("inputs", IntStream.range(0, 32).mapToObj(i -> number + " " + i + " of a house".repeat(60)).toList());
        String request = "POST /embed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        try (Raw raw = new Raw(port)) {
            raw.socket.setSoLinger(random.nextBoolean(), 0);
            raw.write(random.nextInt(4) == 0 ? request.substring(0, random.nextInt(request.length())) : request);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(60));
        }
    }

    /// Inputs in the lines of a log that have a word.
    private static long taken(String log, String word) {
        return log.lines().filter(line -> line.contains(" " + word + " ")).mapToLong(line -> Long.parseLong(
                Pattern.compile("inputs=(\\d+)").matcher(line).results().findFirst().orElseThrow().group(1))).sum();
    }
}
