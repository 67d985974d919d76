// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.Run;
import io.encoder4j.cli.serve.ServeProcess.Setting;
import io.encoder4j.task.EmbedOptions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server under steady load, texts of random lengths, about 0.7 of what it can do (T9): memory, files and threads stay, and the
/// last bits are the first. A few seconds in every build; with `-Dencoder4j.soak=10m` as long as it says.
@EnabledOnOs(OS.LINUX)
@Timeout(7200)
class SoakTest {

    private static final String GIVEN = System.getProperty("encoder4j.soak", "");
    private static final Duration TIME = GIVEN.isEmpty() ? Duration.ofSeconds(6) : Duration.parse("PT" + GIVEN);
    private static final int CLIENTS = 4;
    private static final int SAMPLES = 60;
    /// Of memory, in the last two thirds of the time, for ten minutes.
    private static final double MOST_GROWTH = 4;

    @TempDir
    private Path folder;

    private final List<String> texts = IntStream.range(0, 200).mapToObj(i -> "word" + i + " of a house".repeat(i * 7 % 60)).toList();
    private final AtomicLong requests = new AtomicLong();

    /// What the system says of a process.
    private record Sample(double minutes, double megabytes, long files, long threads) {

        static Sample of(long pid, long begun) throws IOException {
            Path process = Path.of("/proc", Long.toString(pid));
            try (Stream<Path> files = Files.list(process.resolve("fd"))) {
                return new Sample((System.nanoTime() - begun) / 60e9, number(process, "VmRSS:") / 1024.0, files.count(),
                        number(process, "Threads:"));
            }
        }

        private static long number(Path process, String name) throws IOException {
            return Files.readAllLines(process.resolve("status")).stream().filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        }
    }

    @Test
    void nothingGrows() throws Exception {
        List<float[]> expected = new ArrayList<>();
        try (EncoderModel model = EncoderModel.open(Run.GOLDENS.resolve("sentence/v6"))) {
            model.embedder(EmbedOptions.defaults().withNormalize(true)).embed(texts).forEach(text -> expected.add(text.vector()));
        }
        List<Sample> samples = new ArrayList<>();
        // The heap is whole from the start, so that what grows is not the heap.
        try (ServeProcess serve = ServeProcess.start(folder, Setting.usual().withJvm("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch"));
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            long begun = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(client);
                all.add(clients.submit(() -> {
                    while (System.nanoTime() - begun < TIME.toNanos()) {
                        ask(serve, random, expected);
                    }
                    return null;
                }));
            }
            for (int i = 0; i < SAMPLES; i++) {
                TimeUnit.NANOSECONDS.sleep(TIME.toNanos() / SAMPLES);
                samples.add(Sample.of(serve.process.pid(), begun));
            }
            report(samples);
            for (Future<?> one : all) {
                one.get();
            }
        }
        List<Sample> later = samples.subList(SAMPLES / 3, SAMPLES);
        assertThat(later.getLast().files() - later.getFirst().files()).isBetween(-20L, 20L);
        assertThat(later.getLast().threads() - later.getFirst().threads()).isBetween(-20L, 20L);
        assertThat(later.getLast().megabytes() - later.getFirst().megabytes()).isLessThan(50);
        if (TIME.toMinutes() >= 10) {
            assertThat(10 * slope(later)).as("MB in ten minutes").isLessThan(MOST_GROWTH);
        }
    }

    private void ask(ServeProcess serve, Random random, List<float[]> expected) throws Exception {
        int[] some = random.ints(1 + random.nextInt(8), 0, texts.size()).toArray();
        long begun = System.nanoTime();
        HttpResponse<String> answer = serve.post("/embed", Arrays.stream(some).mapToObj(i -> "\"" + texts.get(i) + "\"")
                .collect(Collectors.joining(",", "{\"inputs\":[", "]}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String[] vectors = answer.body().replaceAll("^\\[\\[|]]$", "").split("],\\[");
        for (int i = 0; i < some.length; i++) {
            String[] numbers = vectors[i].split(",");
            for (int k = 0; k < numbers.length; k++) {
                assertThat(Float.parseFloat(numbers[k])).isEqualTo(expected.get(some[i])[k]);
            }
        }
        requests.incrementAndGet();
        TimeUnit.NANOSECONDS.sleep((System.nanoTime() - begun) * 3 / 7);
    }

    private void report(List<Sample> samples) {
        StringBuilder table = new StringBuilder("soak: " + requests + " requests\n  min     MB files threads\n");
        for (int i = 0; i < samples.size(); i += SAMPLES / 12) {
            Sample sample = samples.get(i);
            table.append(String.format("%5.1f %6.1f %5d %7d%n", sample.minutes(), sample.megabytes(), sample.files(), sample.threads()));
        }
        System.err.printf("%s%.2f MB in ten minutes, over the last two thirds%n", table, 10 * slope(samples.subList(SAMPLES / 3, SAMPLES)));
    }

    /// Megabytes a minute, by least squares.
    private static double slope(List<Sample> samples) {
        double x = samples.stream().mapToDouble(Sample::minutes).average().orElseThrow();
        double y = samples.stream().mapToDouble(Sample::megabytes).average().orElseThrow();
        double xy = samples.stream().mapToDouble(sample -> (sample.minutes() - x) * (sample.megabytes() - y)).sum();
        return xy / samples.stream().mapToDouble(sample -> Math.pow(sample.minutes() - x, 2)).sum();
    }
}
