// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {

    @TempDir
    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Streams streams =
            Streams.over(new ByteArrayInputStream(new byte[0]), out, new ByteArrayOutputStream(), Terminal.NONE);

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theFileAppearsWithItsLastByte() throws IOException {
        Path file = folder.resolve("a");
        try (Output output = Output.open(file, false, streams)) {
            output.stream().write("all".getBytes(StandardCharsets.US_ASCII));
            assertThat(file).doesNotExist();
            output.commit();
            assertThat(file).hasContent("all");
        }
        assertThat(names()).containsExactly("a");
    }

    @Test
    void whatIsNotCommittedNeverWas() throws IOException {
        try (Output output = Output.open(folder.resolve("a"), true, streams)) {
            output.stream().write(new byte[1 << 20]);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void leftoversOfKilledRunsGoAndFilesInUseStay() throws IOException {
        Path file = folder.resolve("a");
        Files.writeString(folder.resolve(".a.0123.encoder4j.tmp"), "left");
        Files.writeString(folder.resolve(".b.0123.encoder4j.tmp"), "another's");
        try (Output first = Output.open(file, false, streams)) {
            first.stream().write('1');
            try (Output second = Output.open(file, false, streams)) {
                second.stream().write('2');
                second.commit();
            }
            first.commit();
        }
        assertThat(file).hasContent("1");
        assertThat(names()).containsExactly(".b.0123.encoder4j.tmp", "a");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksAndDevicesStayWhatTheyAre() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        for (Path target : List.of(link, Path.of("/dev/null"))) {
            try (Output output = Output.open(target, false, streams)) {
                output.stream().write('n');
                output.commit();
            }
        }
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("n");
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void standardOutputCanBePatchedToo() throws IOException {
        try (Output output = Output.open(null, true, streams)) {
            output.stream().write("xyz".getBytes(StandardCharsets.US_ASCII));
            output.patch("ab".getBytes(StandardCharsets.US_ASCII));
            output.commit();
        }
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("abz");
    }
}
