// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The directory that the build makes, moved elsewhere and run by `sh` where no JDK is to be found.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class DistributionTest {

    private static final long LARGEST = 90_000_000;

    @TempDir
    private static Path temp;
    private static Path moved;

    private record Result(int code, String out, String err) { }

    @BeforeAll
    static void move() throws IOException {
        Path made;
        try (Stream<Path> target = Files.list(Path.of("target"))) {
            made = target.filter(path -> Files.isDirectory(path.resolve("runtime"))).findFirst().orElseThrow(() ->
                    new IllegalStateException("target has no distribution; run ./build package"));
        }
        moved = temp.resolve("somewhere else");
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.toList()) {
                Files.copy(file, moved.resolve(made.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", moved.resolve("bin/encoder4j").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", temp.toString()));
        return builder;
    }

    private static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile(temp, "out", "");
        Path err = Files.createTempFile(temp, "err", "");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void itEmbedsWithoutAJdk() throws Exception {
        Result result = run(command("embed", "hello"));
        assertThat(result.err()).doesNotContain("WARNING", "rror");
        assertThat(result.out()).startsWith("{\"index\":0,\"tokens\":3,\"truncated\":false,\"embedding\":[");
        assertThat(result.code()).isZero();
        assertThat(run(command("embed", "--kernels", "vector", "hello")).code()).as("with the Vector API").isZero();
        assertThat(run(command("embed", "--format", "nope", "a")).code()).isEqualTo(2);
    }

    @Test
    void itsArchiveOfClassesStillFits() throws Exception {
        ProcessBuilder command = command("--version");
        command.environment().put("ENCODER4J_JAVA_OPTS", "-XX:AOTMode=on");
        Result result = run(command);
        assertThat(result.out()).as(result.err()).startsWith("encoder4j ");
        assertThat(result.code()).as("with AOTMode=on the JVM ends if the archive does not fit").isZero();
    }

    @Test
    void itHasManualPagesAndCompletion() throws Exception {
        Path page = moved.resolve("share/man/man1/encoder4j-embed.1.gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(page))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).startsWith(".TH ENCODER4J\\-EMBED 1 ");
        }
        assertThat(Files.readString(moved.resolve("share/bash-completion/completions/encoder4j")))
                .isEqualTo(run(command("completion")).out()).contains("complete -F _complete_encoder4j -o default encoder4j");
    }

    @Test
    void itIsSmallButForTheModel() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(moved)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += file.getFileName().toString().startsWith("langchain4j-embeddings-") ? 0 : Files.size(file);
            }
        }
        assertThat(bytes).isBetween(30_000_000L, LARGEST);
    }

    @Test
    void itServesAndStopsWhenAsked() throws Exception {
        int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
        Path log = temp.resolve("serve.log");
        Process process = command("serve", "--port", String.valueOf(port)).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI url = URI.create("http://127.0.0.1:" + port);
            awaitHealth(client, url, process, log);
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(url.resolve("/embed"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\":\"hello\"}")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).startsWith("[[");
            assertThat(client.send(HttpRequest.newBuilder(url.resolve("/info")).build(), HttpResponse.BodyHandlers.ofString()).body())
                    .contains("\"version\":\"" + run(command("--version")).out().strip().substring("encoder4j ".length()) + "\"");
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitHealth(HttpClient client, URI url, Process process, Path log) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(end);
            try {
                if (client.send(HttpRequest.newBuilder(url.resolve("/health")).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            Thread.sleep(50);
        }
    }
}
