// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.cli.serve.ServeProcess.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server is told to stop while it has all it can do (T8). In full, 50 times, with `-Dencoder4j.soak=10m`.
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class StopTest {

    private static final int STOPS = System.getProperty("encoder4j.soak", "").isEmpty() ? 2 : 50;
    private static final int CLIENTS = 8;
    private static final int GRACE = 30;
    private static final String BODY = "{\"inputs\":[\"a man is eating food\",\"and a cat sleeps\"]}";
    private static final String REQUEST = "POST /embed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
            + BODY.length() + "\r\n\r\n" + BODY;

    @TempDir
    private Path folder;

    @Test
    void everyRequestThatWasTakenIsAnswered() throws Exception {
        for (int stop = 0; stop < STOPS; stop++) {
            AtomicInteger answered = new AtomicInteger();
            ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
            try (ServeProcess serve = ServeProcess.start(folder, Setting.usual());
                    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                Moment signal = new Moment();
                List<Future<?>> all = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    all.add(clients.submit(() -> {
                        ask(serve.port(), signal, answered, lost);
                        return null;
                    }));
                }
                TimeUnit.MILLISECONDS.sleep(300 + 37 * stop % 100);
                signal.is();
                serve.signal("TERM");
                assertThat(serve.exit(GRACE)).as(serve.err()).isZero();
                for (Future<?> one : all) {
                    one.get();
                }
            }
            assertThat(lost).isEmpty();
            assertThat(answered.get()).isPositive();
        }
    }

    /// When the signal was sent.
    private static final class Moment {

        private volatile boolean past;

        void is() {
            past = true;
        }
    }

    /// Asks without a pause on one connection, which the server took long ago, until it ends. What was sent before the signal has a
    /// whole answer.
    private static void ask(int port, Moment signal, AtomicInteger answered, ConcurrentLinkedQueue<String> lost) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            while (true) {
                boolean before;
                try {
                    socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                    before = !signal.past;
                } catch (IOException e) {
                    return;
                }
                String answer = answer(socket);
                if (!answer.isEmpty() || before) {
                    if (!answer.endsWith("]]") && !answer.endsWith("}")) {
                        lost.add("'" + answer + "'");
                    }
                    answered.incrementAndGet();
                }
                if (answer.isEmpty() || answer.contains("onnection: close")) {
                    return;
                }
            }
        }
    }

    /// An answer with its length; what there is of it, if the connection ends.
    private static String answer(Socket socket) {
        StringBuilder all = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            int end = -1;
            for (int b = in.read(); b >= 0; b = in.read()) {
                all.append((char) b);
                if (end < 0 && all.indexOf("\r\n\r\n") > 0) {
                    String head = all.toString();
                    end = head.length() + Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
                }
                if (all.length() == end) {
                    return all.toString();
                }
            }
        } catch (IOException e) {
            return all.toString();
        }
        return all.toString();
    }

    /// A request whose body never comes would keep it for the time that clients have.
    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (ServeProcess serve = ServeProcess.start(folder, Setting.usual());
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), serve.port())) {
            slow.getOutputStream().write((REQUEST.substring(0, REQUEST.length() - 5)).getBytes(StandardCharsets.US_ASCII));
            while (!serve.get("/metrics").body().contains("te_requests_in_progress 2.0")) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            serve.signal("TERM");
            while (serve.get("/health").statusCode() != 503) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(serve.process.isAlive()).isTrue();
            long begun = System.nanoTime();
            serve.signal("TERM");
            assertThat(serve.exit(GRACE)).isEqualTo(143);
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
        }
    }
}
