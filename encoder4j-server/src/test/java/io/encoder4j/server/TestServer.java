// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import io.encoder4j.ModelOptions;
import io.encoder4j.hub.HubListener;
import io.encoder4j.hub.HubSettings;
import io.encoder4j.models.Models;
import io.encoder4j.server.config.Listening;
import io.encoder4j.server.config.ModelSource;
import io.encoder4j.server.config.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A server of tiny models, at any port that is free, and a client for it.
final class TestServer implements AutoCloseable {

    static final Path GOLDENS = Path.of("..", "goldens");
    /// A sentence-transformers folder.
    static final ModelSource EMBEDDER = new ModelSource("tiny", GOLDENS.resolve("sentence/v6").toString());

    final EncoderServer server;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();

    TestServer(ServerConfig config) {
        server = EncoderServer.start(config, models(), log);
    }

    /// The tiny embedder, with some things done differently.
    static TestServer with(UnaryOperator<ServerConfig> change) {
        return new TestServer(change.apply(config()));
    }

    /// A model for each task.
    static TestServer ofEveryTask(UnaryOperator<ServerConfig> change) {
        Stream<ModelSource> tasks = Stream.of("classifier", "reranker", "tagger", "splade", "multi-vector", "bge-m3", "mask-filler",
                "question-answerer", "replaced-tokens").map(name -> new ModelSource(name, GOLDENS.resolve("tasks").resolve(name).toString()));
        ModelSource routed = new ModelSource("routed", GOLDENS.resolve("sentence_folders/router-dense").toString());
        return with(config -> change.apply(config.withModels(Stream.of(Stream.of(EMBEDDER), tasks, Stream.of(routed))
                .flatMap(all -> all).toArray(ModelSource[]::new))));
    }

    static ServerConfig config() {
        return ServerConfig.defaults().withModels(EMBEDDER).withOptions(ModelOptions.defaults().withThreads(2))
                .withListening(Listening.defaults().withPort(0));
    }

    static Models models() {
        return new Models(Path.of("target", "cache"), HubSettings::ofEnvironment, new HubListener() { });
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    /// A number of `/metrics`; 0 where it has none yet.
    double metric(String name) {
        try {
            return get("/metrics").body().lines().filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1))).findFirst().orElse(0);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    /// The log, once it has that: a request's line is written after its answer.
    String logWith(String part) throws InterruptedException {
        for (int i = 0; i < 500 && !log().contains(part); i++) {
            Thread.sleep(10);
        }
        return log();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
