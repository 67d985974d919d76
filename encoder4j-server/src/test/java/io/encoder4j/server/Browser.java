// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Debian's Chromium without a window, by its DevTools protocol.
final class Browser implements AutoCloseable {

    private static final int SECONDS = 20;

    /// What the browser told: requests, errors, messages of the console.
    final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final WebSocket socket;

    /// Where it is; empty where there is none.
    static Optional<Path> installed() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser").map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /// @param profile an empty folder
    Browser(Path program, Path profile) throws Exception {
        process = new ProcessBuilder(program.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync",
                "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Path port = profile.resolve("DevToolsActivePort");
        String address = until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1 ? Files.readAllLines(port).getFirst() : null);
        String page = until(() -> ApiDocument.JSON.readTree(client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address
                + "/json/list")).build(), BodyHandlers.ofString()).body()).valueStream().filter(target -> target.path("type")
                        .asString().equals("page")).map(target -> target.path("webSocketDebuggerUrl").asString()).findFirst().orElse(null));
        socket = client.newWebSocketBuilder().buildAsync(URI.create(page), new Listener()).get(SECONDS, TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", "{}");
        }
    }

    /// Something that may fail.
    interface Attempt<T> {
        @Nullable T get() throws Exception;
    }

    /// {@return what is there after a while}
    static <T> T until(Attempt<T> attempt) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() < end) {
            T found = attempt.get();
            if (found != null) {
                return found;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("nothing after " + SECONDS + " seconds");
    }

    JsonNode call(String method, String parameters) throws Exception {
        int id = last.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true);
        JsonNode found = answer.get(SECONDS, TimeUnit.SECONDS);
        assertThat(found.has("error")).as("%s: %s", method, found).isFalse();
        return found.path("result");
    }

    /// The value of an expression of JavaScript, awaited.
    JsonNode evaluate(String expression) throws Exception {
        JsonNode result = call("Runtime.evaluate", "{\"expression\":" + ApiDocument.JSON.writeValueAsString(expression)
                + ",\"awaitPromise\":true,\"returnByValue\":true}");
        assertThat(result.has("exceptionDetails")).as("%s: %s", expression, result).isFalse();
        return result.path("result").path("value");
    }

    /// Waits until an expression is true.
    void await(String condition) throws Exception {
        until(() -> evaluate("Boolean(" + condition + ")").asBoolean() ? true : null);
    }

    /// Presses a key.
    ///
    /// @param modifiers 0, or 2 for control
    void press(String key, int code, int modifiers) throws Exception {
        String what = "\"key\":\"" + key + "\",\"code\":\"" + key + "\",\"windowsVirtualKeyCode\":" + code + ",\"modifiers\":" + modifiers;
        call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\"," + what + (key.equals("Enter") ? ",\"text\":\"\\r\"" : "") + "}");
        call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + what + "}");
    }

    /// Events of a kind.
    Stream<JsonNode> events(String method) {
        return events.stream().filter(event -> event.path("method").asString().equals(method)).map(event -> event.path("params"));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        client.shutdownNow();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /// Sorts answers from events.
    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                JsonNode message = ApiDocument.JSON.readTree(text.toString());
                text.setLength(0);
                CompletableFuture<JsonNode> waiting = answers.remove(message.path("id").asInt(0));
                if (waiting == null) {
                    events.add(message);
                } else {
                    waiting.complete(message);
                }
            }
            from.request(1);
            return null;
        }
    }
}
