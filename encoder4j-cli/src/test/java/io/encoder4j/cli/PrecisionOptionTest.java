// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command takes `--precision`, and every result says what was used.
class PrecisionOptionTest {

    @TempDir
    Path folder;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        model = TinyModel.in(folder.resolve("tiny"));
    }

    @Test
    void resultsWithAPlaceForItSayIt() throws IOException {
        for (String precision : new String[] {"float32", "bfloat16", "int8"}) {
            assertThat(Run.of("inspect", model, "--precision", precision).out()).containsPattern("precision +" + precision);
            assertThat(Run.of("bench", "-m", model, "--batch", 1, "--length", 4, "--runs", 1, "--precision", precision).out())
                    .containsPattern("kernels \\S+, " + precision + ", threads");
            assertThat(Run.of("similarity", "the cat", "a dog", "-m", model, "-f", "json", "--precision", precision).out())
                    .contains("\"precision\":\"" + precision + "\"");
            Path pairs = Files.writeString(folder.resolve("sts.tsv"), "score\tsentence1\tsentence2\n"
                    + "1\tthe\tcat\n3\tthe\tthe\n2\ta\tdog\n");
            assertThat(Run.of("evaluate", "sts", pairs, "-m", model, "--json", "--precision", precision).out())
                    .contains("\"precision\":\"" + precision + "\"");
            assertThat(Run.of("evaluate", "sts", pairs, "-m", model, "--precision", precision).out())
                    .containsPattern("kernels +\\S+, " + precision)
                    .containsPattern(precision.equals("float32") ? "Spearman +\\S+\n" : "Spearman +\\S+  \\(float32 ");
        }
    }

    @Test
    void inspectSaysWhatInt8DoesToEachLayer() {
        assertThat(Run.of("inspect", model, "--precision", "int8").out()).containsPattern("int8 layers +\\d+ of \\d+; their weights change by");
        assertThat(Run.of("inspect", model, "--precision", "int8", "--json").out()).contains("\"kept_in_float32\"");
        assertThat(Run.of("inspect", model).out()).doesNotContain("int8");
    }

    @Test
    void vectorsAreWrittenAsEverAndStandardErrorSaysIt() {
        Run plain = Run.of("embed", "the cat", "-m", model);
        assertThat(plain.err()).isEmpty();
        Run rounded = Run.of("embed", "the cat", "-m", model, "--precision", "bfloat16");
        assertThat(rounded.exit()).isZero();
        assertThat(rounded.err()).containsPattern("encoder4j: kernels \\S+, bfloat16");
        assertThat(rounded.out()).startsWith("{\"index\":0,\"tokens\":4,\"truncated\":false,\"embedding\":[")
                .isNotEqualTo(plain.out());
        Run float32 = Run.of("embed", "the cat", "-m", model, "--precision", "FLOAT32");
        assertThat(float32.out()).isEqualTo(plain.out());
        assertThat(float32.err()).contains(", float32");
    }

    @Test
    void unknownPrecisionsAndThoseThatMakeNoSenseAreWrongUsage() {
        Run unknown = Run.of("embed", "a", "-m", model, "--precision", "int4");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("no precision named 'int4'; there are: auto, float32, bfloat16, int8");
        Run explained = Run.of("explain", "the cat", "-m", model, "--precision", "bfloat16");
        assertThat(explained.exit()).isEqualTo(2);
        assertThat(explained.err()).contains("leave out --precision bfloat16");
    }
}
