// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.Goldens;
import io.encoder4j.ModelOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recording has what takes time, and a program that records nothing does not load the events.
class EventsTest {

    @TempDir
    private Path temp;

    @Test
    void aRecordingHasOpeningTokenizingBatchesAndForwardPasses() throws IOException {
        Path file = temp.resolve("recording.jfr");
        Path folder = Goldens.path("tasks", "classifier");
        try (Recording recording = new Recording()) {
            for (String event : List.of("Opening", "Tokenizing", "Batch", "Forward")) {
                recording.enable("encoder4j." + event);
            }
            recording.start();
            try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withThreads(1).withTokensPerBatch(8))) {
                model.embedder().embed(List.of("good", "small", "the house"));
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events.stream().filter(e -> e.getEventType().getName().equals("encoder4j.Opening"))
                .map(e -> e.getString("step"))).contains("model", "kernels", "configuration", "tokenizer", "map weights",
                        "pack weights", "wait for tokenizer");
        assertThat(events.stream().filter(e -> e.getEventType().getName().equals("encoder4j.Tokenizing"))
                .map(e -> e.getInt("texts"))).containsExactly(3);
        List<RecordedEvent> batches = named(events, "Batch");
        assertThat(batches.size()).isEqualTo(named(events, "Forward").size()).isGreaterThan(1);
        assertThat(batches.stream().mapToInt(e -> e.getInt("sequences")).sum()).isEqualTo(3);
        assertThat(events).allMatch(event -> event.getDuration().toNanos() >= 0);
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals("encoder4j." + name)).toList();
    }

    /// Loading an event's class takes a third of a second.
    @Test
    void whoRecordsNothingLoadsNoEvent() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout", "-cp", System.getProperty("java.class.path"), Opens.class.getName(),
                Goldens.path("tasks", "classifier").toString()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String loaded = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(loaded).contains("io.encoder4j.engine.Events ", "jdk.jfr.FlightRecorder ")
                .doesNotContain("jdk.jfr.Event ").doesNotContain("io.encoder4j.engine.Events$Opening");
    }

    /// A program that embeds a text.
    static final class Opens {

        private Opens() { }

        public static void main(String[] args) throws IOException {
            try (EncoderModel model = EncoderModel.open(Path.of(args[0]))) {
                model.embedder().embed("good");
            }
        }
    }
}
