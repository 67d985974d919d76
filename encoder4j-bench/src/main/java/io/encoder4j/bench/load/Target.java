// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A server's embedding route, and the requests to send to it. The requests are made before the time is measured.
///
/// The address must be of this machine, because this program makes as much load as it can.
public final class Target implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).executor(Executors.newVirtualThreadPerTaskExecutor()).build();
    private final List<HttpRequest> requests;

    /// @param url             the server's address, `http://127.0.0.1:8080`
    /// @param key             the server's API key, or null
    /// @param texts           the texts to send, in this order, over and over
    /// @param textsPerRequest how many texts one request has
    /// @throws IllegalArgumentException if the address is of another machine
    public Target(URI url, @Nullable String key, List<String> texts, int textsPerRequest) {
        requireLoopback(url);
        URI route = url.resolve("/embed");
        JsonMapper json = new JsonMapper();
        requests = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += textsPerRequest) {
            List<String> some = texts.subList(from, Math.min(texts.size(), from + textsPerRequest));
            HttpRequest.Builder request = HttpRequest.newBuilder(route).timeout(TIMEOUT).header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(json.writeValueAsString(Map.of("inputs", some, "truncate", true))));
            if (key != null) {
                request.header("Authorization", "Bearer " + key);
            }
            requests.add(request.build());
        }
    }

    private static void requireLoopback(URI url) {
        try {
            if (url.getHost() != null && "http".equals(url.getScheme()) && InetAddress.getByName(url.getHost()).isLoopbackAddress()) {
                return;
            }
        } catch (IOException e) {
            // No such host: reported below.
        }
        throw new IllegalArgumentException("--url must be an http address of this machine, such as http://127.0.0.1:8080; got " + url);
    }

    /// How many different requests there are.
    public int requests() {
        return requests.size();
    }

    /// Sends a request, waits for the answer and reads it to its end.
    ///
    /// @param index of the request, modulo the number of requests
    public Reply send(long index) {
        HttpRequest request = requests.get((int) (index % requests.size()));
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            long tokens = response.headers().firstValueAsLong("x-compute-tokens").orElse(0);
            return new Reply(response.statusCode(), tokens, response.headers().firstValue("Retry-After").isPresent());
        } catch (IOException e) {
            return Reply.BROKEN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.BROKEN;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
