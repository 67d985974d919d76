// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.serve;

import io.encoder4j.cli.Run;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `encoder4j serve` of a tiny model, as a process of its own, at any port that is free.
final class ServeProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("serving tiny at http://127\\.0\\.0\\.1:(\\d+);");

    /// Long, for machines that have other things to do.
    private static final Duration TIME = Duration.ofSeconds(60);

    final Process process;
    private final Path err;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private int port;

    private ServeProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /// What is different from a usual start.
    ///
    /// @param shell run before it, as `ulimit -n 64`
    /// @param jvm   options of the JVM
    /// @param environment of the process
    /// @param out   where its log goes
    record Setting(String shell, List<String> jvm, Map<String, String> environment, Path out) {

        static Setting usual() {
            return new Setting("", List.of(), Map.of(), Path.of("/dev/null"));
        }

        Setting withShell(String other) {
            return new Setting(other, jvm, environment, out);
        }

        Setting withJvm(String... options) {
            return new Setting(shell, List.of(options), environment, out);
        }

        Setting withEnvironment(String name, String value) {
            return new Setting(shell, jvm, Map.of(name, value), out);
        }

        Setting withOut(String other) {
            return new Setting(shell, jvm, environment, Path.of(other));
        }
    }

    /// Starts it, and returns at once.
    static ServeProcess launch(Path folder, Setting setting) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", setting.shell + "\nexec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(setting.jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.encoder4j.cli.Main", "serve", "--port", "0",
                "--threads", "2", "--model", "tiny=" + Run.GOLDENS.resolve("sentence/v6").toAbsolutePath()));
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(setting.out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(setting.environment);
        return new ServeProcess(builder.start(), err);
    }

    /// Starts it, and waits until it serves.
    static ServeProcess start(Path folder, Setting setting) throws Exception {
        ServeProcess serve = launch(folder, setting);
        if (!serve.isServing()) {
            serve.close();
            throw new AssertionError("it does not serve: " + serve.err());
        }
        return serve;
    }

    /// Waits until it serves or ends.
    boolean isServing() throws Exception {
        for (int i = 0; i < 1200 && process.isAlive(); i++) {
            Matcher ready = READY.matcher(err());
            if (ready.find()) {
                port = Integer.parseInt(ready.group(1));
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return false;
    }

    int port() {
        return port;
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("/bin/kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
    }

    /// Its exit code, if it ends in time.
    int exit(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("it has not ended in " + seconds + " s");
        }
        return process.exitValue();
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIME)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIME)
                .GET().build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        process.destroyForcibly().onExit().join();
    }
}
