// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatedPairsTest {

    private static final String TEXT = "split\tscore\tsentence1\tsentence2\n"
            + "test\t5.0\tShe said \"yes\tYes\" he said\r\n"
            + "train\t1\ta\tb\textra\n"
            + "test\t0.25\t\"\tcarriage\rreturn\n\n";

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("pairs.tsv"), TEXT);
    }

    @Test
    void quotesAreLiteral() throws IOException {
        RatedPairs test = RatedPairs.read(file, "test");
        assertThat(test.first()).containsExactly("She said \"yes", "\"");
        assertThat(test.second()).containsExactly("Yes\" he said", "carriage\rreturn");
        assertThat(test.scores()).containsExactly(5, 0.25);
        assertThat(RatedPairs.read(file, null).scores()).containsExactly(5, 1, 0.25);
    }

    @Test
    void gzipIsUnpackedWhateverTheName() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        Path gz = Files.write(folder.resolve("pairs"), packed.toByteArray());
        assertThat(RatedPairs.read(gz, "test")).isEqualTo(RatedPairs.read(file, "test"));
        Files.write(gz, java.util.Arrays.copyOf(packed.toByteArray(), 30));
        assertThatThrownBy(() -> RatedPairs.read(gz, "test")).hasMessageContaining("is no complete gzip file");
    }

    @Test
    void whatIsMissingIsNamedWithWhatThereIs() throws IOException {
        assertThatThrownBy(() -> RatedPairs.read(file, "dev"))
                .hasMessageEndingWith("pairs.tsv: has no split 'dev'; there are: test (2 rows), train (1 rows)");
        Files.writeString(file, "a\tscore\tsentence1\n");
        assertThatThrownBy(() -> RatedPairs.read(file, null))
                .hasMessageEndingWith("has no column 'sentence2'; its header has: a, score, sentence1");
        Files.writeString(file, TEXT.replace("0.25", "?"));
        assertThatThrownBy(() -> RatedPairs.read(file, null)).hasMessageEndingWith("line 4: the score '?' is not a number");
        Files.writeString(file, TEXT.replace("train\t1\ta\tb\textra", "train\t1"));
        assertThatThrownBy(() -> RatedPairs.read(file, null)).hasMessageEndingWith("line 3 has 2 columns, the header 4");
        Files.writeString(file, "");
        assertThatThrownBy(() -> RatedPairs.read(file, null)).hasMessageContaining("is empty");
    }
}
