// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.cli.serve.ServeProcess.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the machine may lack or do. The server goes on with the same numbers, or ends with a line that says why: it is never half
/// dead.
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class FaultsTest {

    private static final String ASK = "{\"inputs\":[\"a man is eating food\"]}";

    @TempDir
    private Path folder;

    /// Serves with the same numbers as before, or has ended and said why.
    private static void requireAliveOrEnded(ServeProcess serve, String expected) throws Exception {
        for (int i = 0; i < 100 && serve.process.isAlive(); i++) {
            try {
                HttpResponse<String> answer = serve.post("/embed", ASK);
                if (answer.statusCode() == 200) {
                    assertThat(answer.body()).isEqualTo(expected);
                    assertThat(serve.get("/health").statusCode()).isEqualTo(200);
                    return;
                }
                assertThat(answer.statusCode()).isIn(429, 500, 503);
            } catch (IOException e) {
                // It may be about to end.
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        assertThat(serve.exit(40)).as(serve.err()).isNotZero();
        assertThat(serve.err().lines().filter(line -> line.contains("encoder4j: "))).as(serve.err()).hasSize(1);
    }

    @Test
    void notEnoughMemory() throws Exception {
        String nested = "{\"inputs\":[" + ("[" + "[],".repeat(15_000) + "[]],").repeat(20) + "[]]}";
        try (ServeProcess serve = ServeProcess.start(folder, Setting.usual().withJvm("-Xmx32m", "-XX:MaxDirectMemorySize=32m"));
                ExecutorService clients = Executors.newFixedThreadPool(12)) {
            String expected = serve.post("/embed", ASK).body();
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < 12; client++) {
                all.add(clients.submit(() -> {
                    for (int i = 0; i < 2; i++) {
                        try {
                            assertThat(serve.post("/embed", nested).statusCode()).isIn(422, 429, 500, 503);
                        } catch (IOException e) {
                            // A connection for which there was no memory.
                            continue;
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            requireAliveOrEnded(serve, expected);
        }
    }

    @Test
    void hardlyAnyMemory() throws Exception {
        try (ServeProcess serve = ServeProcess.launch(folder, Setting.usual().withJvm("-Xmx6m"))) {
            if (serve.isServing()) {
                requireAliveOrEnded(serve, serve.post("/embed", ASK).body());
            } else {
                assertThat(serve.exit(30)).isNotZero();
                assertThat(serve.err()).isNotEmpty();
            }
        }
    }

    @Test
    void tooFewFilesToServe() throws Exception {
        try (ServeProcess serve = ServeProcess.launch(folder, Setting.usual().withShell("ulimit -n 64"))) {
            if (serve.isServing()) {
                requireAliveOrEnded(serve, serve.post("/embed", ASK).body());
            } else {
                assertThat(serve.exit(30)).isNotZero();
                assertThat(serve.err()).isNotEmpty();
            }
        }
    }

    @Test
    void moreConnectionsThanFiles() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (ServeProcess serve = ServeProcess.start(folder, Setting.usual().withShell("ulimit -n 256"))) {
            String expected = serve.post("/embed", ASK).body();
            for (int i = 0; i < 400; i++) {
                Socket socket = new Socket();
                idle.add(socket);
                try {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serve.port()), 200);
                } catch (IOException e) {
                    // The system's own queue is full: nobody accepts, as it should be.
                    break;
                }
            }
            for (Socket socket : idle) {
                socket.close();
            }
            requireAliveOrEnded(serve, expected);
            assertThat(serve.process.isAlive()).isTrue();
        }
    }

    @Test
    void aDiskThatTakesNothing() throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, Setting.usual().withOut("/dev/full").withJvm("-Djava.io.tmpdir=/proc/none",
                "-Duser.home=/proc/none").withEnvironment("ENCODER4J_CACHE", "/proc/none/cache"))) {
            String expected = serve.post("/embed", ASK).body();
            assertThat(expected).startsWith("[[");
            requireAliveOrEnded(serve, expected);
            serve.signal("TERM");
            assertThat(serve.exit(30)).isZero();
        }
    }

    /// Long pauses, as a machine makes that is short of memory.
    @Test
    void pauses() throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, Setting.usual()); ExecutorService clients = Executors.newFixedThreadPool(4)) {
            String expected = serve.post("/embed", ASK).body();
            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int pause = 0; pause < 2; pause++) {
                serve.signal("STOP");
                for (int i = 0; i < 4; i++) {
                    all.add(clients.submit(() -> serve.post("/embed", ASK)));
                }
                TimeUnit.MILLISECONDS.sleep(1200);
                serve.signal("CONT");
            }
            for (Future<HttpResponse<String>> one : all) {
                assertThat(one.get().body()).isEqualTo(expected);
            }
            assertThat(serve.get("/health").statusCode()).isEqualTo(200);
        }
    }
}
