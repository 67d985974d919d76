// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What good clients ask (T1): requests of random sizes, texts of random lengths, some of them the same. Each answer has the bits
/// that the library gives each text alone.
final class Traffic {

    static final int CLIENTS = 4;

    private final List<String> texts;
    private final List<float[]> expected;

    private Traffic(List<String> texts, List<float[]> expected) {
        this.texts = texts;
        this.expected = expected;
    }

    static Traffic ofTinyEmbedder() throws IOException {
        List<String> texts = IntStream.range(0, 60).mapToObj(i -> "word" + i + " of a house".repeat(i % 13 == 12 ? 60 : i % 9)).toList();
        try (EncoderModel model = EncoderModel.open(Path.of(String.valueOf(TestServer.EMBEDDER.place())))) {
            return new Traffic(texts, model.embedder(EmbedOptions.defaults().withNormalize(true)).embed(texts).stream()
                    .map(TextEmbedding::vector).toList());
        }
    }

    static String json(String field, List<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "{\"" + field + "\":[", "]}"));
    }

    /// Asks that often.
    ///
    /// @return the times of the requests in nanoseconds, sorted
    List<Long> run(TestServer server, int requests) throws Exception {
        int each = requests / CLIENTS;
        return run(server, client -> each);
    }

    /// Asks until it is told to end.
    List<Long> runUntil(TestServer server, BooleanSupplier end) throws Exception {
        return run(server, _ -> end.getAsBoolean() ? 0 : Integer.MAX_VALUE, end);
    }

    private interface Count {
        int of(int client);
    }

    private List<Long> run(TestServer server, Count count) throws Exception {
        return run(server, count, () -> false);
    }

    private List<Long> run(TestServer server, Count count, BooleanSupplier end) throws Exception {
        List<Long> times = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(client);
                int requests = count.of(client);
                all.add(clients.submit(() -> {
                    List<Long> own = new ArrayList<>();
                    for (int i = 0; i < requests && !end.getAsBoolean(); i++) {
                        own.add(ask(server, random));
                    }
                    return own;
                }));
            }
            for (Future<List<Long>> one : all) {
                times.addAll(one.get());
            }
        }
        times.sort(null);
        return times;
    }

    /// One request, as TEI's or OpenAI's clients send it.
    private long ask(TestServer server, Random random) throws IOException, InterruptedException {
        int[] some = random.ints(1 + random.nextInt(20), 0, texts.size()).toArray();
        boolean tei = random.nextBoolean();
        String body = json(tei ? "inputs" : "input", IntStream.of(some).mapToObj(texts::get).toList());
        long begun = System.nanoTime();
        HttpResponse<String> answer = server.post(tei ? "/embed" : "/v1/embeddings", body);
        long time = System.nanoTime() - begun;
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Json vectors = Json.of(answer);
        for (int i = 0; i < some.length; i++) {
            Json vector = tei ? vectors.at(i) : vectors.at("data", i, "embedding");
            assertThat(vector.floats()).isEqualTo(expected.get(some[i]));
        }
        return time;
    }

    /// The time that 99 of 100 requests do not exceed, in milliseconds.
    static double p99(List<Long> times) {
        return times.get((int) Math.min(times.size() - 1, Math.ceil(times.size() * 0.99) - 1)) / 1e6;
    }
}
