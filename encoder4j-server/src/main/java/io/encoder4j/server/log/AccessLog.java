// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.log;

import io.encoder4j.files.Printable;
import io.encoder4j.server.config.ServerConfig.AccessLogStyle;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.metrics.Usage;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A line for each request. It never has a text that a client sent for computing, and no key. That it cannot be written does not
/// stop the server.
public final class AccessLog {

    private final AccessLogStyle style;
    private final PrintStream out;

    /// @param out where lines go
    public AccessLog(AccessLogStyle style, OutputStream out) {
        this.style = style;
        this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    }

    /// What a line says of a request.
    ///
    /// @param model   that answered; empty for none
    /// @param failure its code; empty for success
    /// @param bytes   of content that were sent
    public record Line(String id, String peer, String method, String path, int status, String model, String failure, long bytes) { }

    /// Writes the line of a request.
    public void request(Line line, Usage usage) {
        switch (style) {
            case TEXT -> write(text(line, usage));
            case JSON -> write(json(line, usage));
            case NONE -> { }
        }
    }

    /// Writes a sentence about the server.
    public void say(String sentence) {
        write(style == AccessLogStyle.JSON ? new String(JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringProperty("time", now());
            out.writeStringProperty("message", sentence);
            out.writeEndObject();
        }), StandardCharsets.UTF_8) : now() + " " + Printable.line(sentence));
    }

    /// Writes where a fault of the server came from. Its message is left out: it may have what a client sent.
    public void fault(String id, Throwable thrown) {
        say("request " + id + ": fault " + thrown.getClass().getName() + " at " + Arrays.stream(thrown.getStackTrace()).limit(12)
                .map(StackTraceElement::toString).collect(Collectors.joining(" < ")));
    }

    private static String text(Line line, Usage usage) {
        return now() + " " + line.id() + " " + line.peer() + " " + Printable.name(line.method()) + " " + Printable.name(line.path())
                + " " + line.status() + (line.failure().isEmpty() ? "" : " " + line.failure())
                + (line.model().isEmpty() ? "" : " model=" + line.model()) + " inputs=" + usage.inputs() + " tokens="
                + usage.tokens() + " cut=" + usage.inputsCut() + " bytes=" + line.bytes() + " ms=" + millis(usage.nanos())
                + " queue=" + millis(usage.queueNanos()) + " inference=" + millis(usage.inferenceNanos());
    }

    private static String json(Line line, Usage usage) {
        return new String(JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeStringProperty("time", now());
            out.writeStringProperty("id", line.id());
            out.writeStringProperty("peer", line.peer());
            out.writeStringProperty("method", line.method());
            out.writeStringProperty("path", line.path());
            out.writeNumberProperty("status", line.status());
            out.writeStringProperty("failure", line.failure());
            out.writeStringProperty("model", line.model());
            out.writeNumberProperty("inputs", usage.inputs());
            out.writeNumberProperty("tokens", usage.tokens());
            out.writeNumberProperty("cut", usage.inputsCut());
            out.writeNumberProperty("bytes", line.bytes());
            out.writeNumberProperty("ms", millis(usage.nanos()));
            out.writeNumberProperty("queue_ms", millis(usage.queueNanos()));
            out.writeNumberProperty("inference_ms", millis(usage.inferenceNanos()));
            out.writeEndObject();
        }), StandardCharsets.UTF_8);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private void write(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}
