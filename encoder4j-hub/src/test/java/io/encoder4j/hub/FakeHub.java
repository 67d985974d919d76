// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A hub on 127.0.0.1 with one model, and a second server that large files are redirected to. Faults are queued by file
/// name and used up one a request.
final class FakeHub implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final HubId ID = HubId.parse("acme/tiny").orElseThrow();
    static final String TOKEN = "hf_secret";

    /// @param server `hub` or `cdn`
    record Request(String server, String method, String path, String authorization, String range) { }

    /// Answers in place of the server.
    interface Fault {
        void answer(HttpExchange exchange, byte[] content, int from) throws IOException;
    }

    final Map<String, byte[]> files = new LinkedHashMap<>();
    /// Names that the hub sends elsewhere for.
    final List<String> large = new ArrayList<>();
    final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    /// By `METHOD name`; the name of the listing is empty.
    final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    /// Etags other than the true ones.
    final Map<String, String> etags = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer hub = server("hub");
    private final HttpServer cdn = server("cdn");

    FakeHub() {
        put("config.json", "{\"model_type\": \"bert\"}");
        put("tokenizer.json", "{}");
        put("README.md", "# Tiny");
        put("pytorch_model.bin", "pickle");
        put("onnx/model.onnx", "onnx");
        files.put("model.safetensors", bytes(300_000));
        large.add("model.safetensors");
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    void put(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    void fail(String request, Fault... some) {
        faults.computeIfAbsent(request, _ -> new ConcurrentLinkedQueue<>()).addAll(Arrays.asList(some));
    }

    HubSettings settings(Path cache) {
        return new HubSettings(URI.create("http://127.0.0.1:" + hub.getAddress().getPort()), cache, false, TOKEN, true,
                Duration.ofMillis(400), Duration.ofMillis(5), 4, ProxySettings.NONE);
    }

    List<Request> requests(String method, String name) {
        return requests.stream().filter(r -> r.method.equals(method) && r.path.endsWith("/" + name)).toList();
    }

    String etag(String name) {
        String told = etags.get(name);
        return told != null ? told : large.contains(name) ? hash("SHA-256", "", files.get(name))
                : hash("SHA-1", "blob " + files.get(name).length + "\0", files.get(name));
    }

    static String hash(String algorithm, String prefix, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(prefix.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private HttpServer server(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> handle(name, exchange));
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(String server, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
            requests.add(new Request(server, exchange.getRequestMethod(), path,
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")), range));
            String name = path.startsWith("/api/") ? "" : path.replaceFirst("^/(?:acme/tiny/resolve/" + COMMIT + "|blob)/", "");
            int from = range.matches("bytes=\\d+-") ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
            Queue<Fault> queue = faults.get(exchange.getRequestMethod() + " " + name);
            Fault fault = queue == null || server.equals("hub") && large.contains(name) && exchange.getRequestMethod().equals("GET")
                    ? null : queue.poll();
            if (fault != null) {
                fault.answer(exchange, files.getOrDefault(name, new byte[0]), from);
            } else if (path.startsWith("/api/")) {
                list(exchange);
            } else if (!files.containsKey(name)) {
                status(404).answer(exchange, new byte[0], 0);
            } else {
                serve(server, exchange, name, from);
            }
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        StringBuilder json = new StringBuilder("{\"id\": \"acme/tiny\", \"sha\": \"" + COMMIT + "\", \"siblings\": [");
        files.keySet().forEach(name -> json.append(json.charAt(json.length() - 1) == '[' ? "" : ", ")
                .append("{\"rfilename\": \"").append(name).append("\"}"));
        send(exchange, 200, json.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    }

    private void serve(String server, HttpExchange exchange, String name, int from) throws IOException {
        byte[] content = files.get(name);
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        exchange.getResponseHeaders().set("ETag", '"' + etag(name) + '"');
        if (server.equals("hub") && large.contains(name)) {
            exchange.getResponseHeaders().set("ETag", "\"of the redirect\"");
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + etag(name) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + cdn.getAddress().getPort() + "/blob/" + name);
            exchange.sendResponseHeaders(302, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (from > 0) {
            range(exchange, content, from);
            send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
        } else {
            send(exchange, 200, content);
        }
    }

    static void range(HttpExchange exchange, byte[] content, int from) {
        exchange.getResponseHeaders().set("Content-Range",
                "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /// A status and nothing more, with headers given as name, value, name, value.
    static Fault status(int status, String... headers) {
        return (exchange, _, _) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /// The right head, then so many bytes, then the connection ends.
    static Fault cutAfter(int count) {
        return (exchange, content, from) -> {
            begin(exchange, content, from);
            OutputStream out = exchange.getResponseBody();
            out.write(content, from, count);
            out.flush();
        };
    }

    /// The right head, then so many bytes, then nothing more.
    Fault stallAfter(int count) {
        return (exchange, content, from) -> {
            begin(exchange, content, from);
            exchange.getResponseBody().write(content, from, count);
            exchange.getResponseBody().flush();
            await();
        };
    }

    private static void begin(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (from > 0) {
            range(exchange, content, from);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    }

    /// Holds a request until the server is closed, ten seconds at most.
    void await() {
        try {
            closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
