// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Spread;
import io.encoder4j.bench.peers.Contender;
import io.encoder4j.bench.peers.Figure;
import io.encoder4j.bench.peers.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTableTest {

    private static final Machine MACHINE = new Machine("A CPU", 2, new LinkedHashSet<>(List.of("avx2", "amx_bf16")), "25");

    private static Figure figure(String system, String version, String precision, int threads, String workload, double seconds) {
        return new Figure(new Contender(system, version, precision), threads, workload, 3000,
                new Spread(seconds, seconds, seconds, 5));
    }

    @Test
    void showsEverybodyAndTheRatios() {
        Figures figures = new Figures(List.of(
                figure("ONNX Runtime", "1.29", "float32", 1, "8×512", 2), figure("encoder4j", "vector-512", "float32", 1, "8×512", 1),
                figure("ONNX Runtime", "1.29", "float32", 1, "600 passages", 3),
                figure("encoder4j", "vector-512", "float32", 1, "600 passages", 2),
                figure("encoder4j", "vector-512", "float32", 2, "600 passages", 1)));
        assertThat(new ReadmeTable(MACHINE, LocalDate.of(2026, 1, 2), "float32").markdown(figures)).isEqualTo("""
                Real tokens per second, medians, all-MiniLM-L6-v2; in brackets how many times faster encoder4j (float32) is; cosine: \
                of the vectors to float32's. \
                2026-01-02, A CPU, 2 processors, avx2 amx_bf16, JDK 25.

                | workload | threads | encoder4j vector-512 float32 | ONNX Runtime 1.29 float32 |
                |---|---|---|---|
                | 8 × 512 tokens | 1 | 3,000 | 1,500 (2.00) |
                | 600 passages, sorted by length | 1 | 1,500 | 1,000 (1.50) |
                | 600 passages, sorted by length | 2 | 3,000 | - |
                """);
    }

    @Test
    void aPrecisionThatRoundsHasItsQualityBesideIt() {
        Figure int8 = new Figure(new Contender("encoder4j", "x", "int8"), 1, "1×16", 3000, new Spread(1, 1, 1, 5), 0.99963);
        Figures figures = new Figures(List.of(figure("encoder4j", "x", "float32", 1, "1×16", 2), int8, figure("PyTorch", "2", "bfloat16", 1, "1×16", 4)));
        assertThat(new ReadmeTable(MACHINE, LocalDate.of(2026, 1, 2), "float32").markdown(figures)).endsWith("""
                | workload | threads | encoder4j x float32 | encoder4j x int8 | cosine | PyTorch 2 bfloat16 | cosine |
                |---|---|---|---|---|---|---|
                | 1 × 16 tokens | 1 | 1,500 | 3,000 (0.50) | 0.9996 | 750 (2.00) | - |
                """);
    }

    @Test
    void onlyWhatIsBetweenTheMarkersIsReplaced() {
        String readme = "before\n" + ReadmeTable.BEGIN + "\nold\n" + ReadmeTable.END + "\nafter\n";
        assertThat(ReadmeTable.replace(readme, "new\n"))
                .isEqualTo("before\n" + ReadmeTable.BEGIN + "\nnew\n" + ReadmeTable.END + "\nafter\n");
    }

    @Test
    void missingMarkersAreSaid() {
        for (String readme : List.of("", ReadmeTable.BEGIN, ReadmeTable.END + ReadmeTable.BEGIN,
                ReadmeTable.BEGIN + ReadmeTable.END + ReadmeTable.BEGIN + ReadmeTable.END)) {
            assertThatThrownBy(() -> ReadmeTable.replace(readme, "new")).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("README.md must have the lines");
        }
    }

    @Test
    void theReadmeHasThem() throws IOException {
        assertThat(ReadmeTable.replace(Files.readString(Path.of("..", "README.md")), "new table\n")).contains("\nnew table\n");
    }
}
