// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputBytesTest {

    private static final String TEXT = "plain\nZoë\n中文 \ud83d\ude00\n\nlast";
    private static final List<String> LINES = List.of("plain", "Zoë", "中文 \ud83d\ude00", "", "last");

    private static List<Lines.Line> lines(InputStream in) throws IOException {
        List<Lines.Line> all = new ArrayList<>();
        try (Lines lines = Lines.of(InputBytes.of(in, "in"))) {
            for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
                all.add(line);
            }
        }
        return all;
    }

    private static List<Lines.Line> lines(byte[] bytes) throws IOException {
        return lines(new ByteArrayInputStream(bytes));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void everyEncodingWithAMarkIsReadPackedOrNot(String charset) throws IOException {
        byte[] bytes = ("\ufeff" + TEXT).getBytes(Charset.forName(charset));
        assertThat(lines(bytes)).extracting(Lines.Line::text).isEqualTo(LINES);
        assertThat(lines(gzip(bytes))).extracting(Lines.Line::text).isEqualTo(LINES);
        assertThat(lines(bytes)).extracting(Lines.Line::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void halfASurrogatePairCostsItsOwnLine() throws IOException {
        // Java's own encoder would write a replacement for a half, so one is put in.
        byte[] bytes = "\ufeffa\nbXc\nd\ud83d\ude00".getBytes(StandardCharsets.UTF_16LE);
        bytes[8] = 0x3d;
        bytes[9] = (byte) 0xd8;
        List<Lines.Line> lines = lines(bytes);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).text()).isEqualTo("a");
        assertThat(lines.get(1).problem()).startsWith("is not UTF-8: byte 2 of the line is 0xed");
        assertThat(lines.get(2).text()).isEqualTo("d\ud83d\ude00");
        assertThat(lines(Arrays.copyOf(bytes, bytes.length - 1)).getLast().problem()).as("half a unit at the end").isNotNull();
    }

    @Test
    void whatLooksLikeUtf16WithoutAMarkIsTold() throws IOException {
        assertThat(lines("ab".getBytes(StandardCharsets.UTF_16LE)).getFirst().problem())
                .isEqualTo("has bytes 00 in it, as UTF-16 without a mark has, or a file that is no text; convert it, for example"
                        + " with iconv");
    }

    @Test
    void aGzipFileThatIsCutIsToldByName() throws IOException {
        byte[] whole = gzip(TEXT.repeat(1000).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> lines(Arrays.copyOf(whole, whole.length / 2))).hasMessageStartingWith("in: is no complete gzip file: ");
        assertThatThrownBy(() -> lines(new byte[] {0x1f, (byte) 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}))
                .hasMessageStartingWith("in: is no complete gzip file: ");
    }

    @Test
    void shortInputsAreWhatTheyAre() throws IOException {
        assertThat(lines(new byte[0])).isEmpty();
        assertThat(lines(new byte[] {'\n'})).extracting(Lines.Line::text).containsExactly("");
        assertThat(lines(new byte[] {0x1f})).extracting(Lines.Line::text).containsExactly("\u001f");
        assertThat(lines(new byte[] {(byte) 0xff})).extracting(Lines.Line::problem).doesNotContainNull();
    }

    @Test
    void aLineIsReadyWhenItIsThere() throws IOException {
        try (PipedOutputStream out = new PipedOutputStream(); PipedInputStream in = new PipedInputStream(out)) {
            out.write("one\ntw".getBytes(StandardCharsets.UTF_8));
            try (Lines lines = Lines.of(InputBytes.of(in, "in"))) {
                assertThat(lines.ready()).isTrue();
                assertThat(String.valueOf(lines.next())).contains("one");
                assertThat(lines.ready()).as("half a line").isFalse();
                out.write("o\n".getBytes(StandardCharsets.UTF_8));
                assertThat(lines.ready()).isTrue();
                assertThat(String.valueOf(lines.next())).contains("two");
                assertThat(lines.ready()).isFalse();
            }
        }
    }
}
