// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonFiguresTest {

    private static final Machine MACHINE = new Machine("CPU (family 1, model 2)", 2, Set.of(), "25");
    private static final List<Workload> WORKLOADS = List.of(Workload.grid(1, 16, 2000));
    private static final String LINE = """
            {"system": "PyTorch", "version": "2.13.0", "precision": "bfloat16", "threads": 2, "workload": "1×16", \
            "tokens": 16, "seconds": [0.2, 0.1, 0.3], "cosine": 1.0, "cpu": "CPU (family 1, model 2)"}
            """;

    @TempDir
    private Path temp;

    private List<Figure> read(String lines) throws IOException {
        return PythonFigures.read(Files.writeString(temp.resolve("figures.jsonl"), lines), MACHINE, WORKLOADS);
    }

    @Test
    void readsLines() throws IOException {
        assertThat(read(LINE + "\n")).containsExactly(new Figure(new Contender("PyTorch", "2.13.0", "bfloat16"), 2, "1×16", 16,
                new Spread(0.2, 0.15000000000000002, 0.25, 3)));
    }

    @Test
    void leavesOutWhatIsNotComparedHere() throws IOException {
        assertThat(read(LINE.replace("1×16", "8×512"))).isEmpty();
    }

    @Test
    void figuresOfOtherMachinesAreRefused() {
        assertThatThrownBy(() -> read(LINE.replace("model 2", "model 3"))).isInstanceOf(IOException.class)
                .hasMessageEndingWith("figures.jsonl, line 1: measured on CPU (family 1, model 3), this is CPU (family 1, model 2);"
                        + " run tools/bench/peers.py here");
    }

    @Test
    void figuresOfOtherTextsAreRefused() {
        assertThatThrownBy(() -> read("\n" + LINE.replace("\"tokens\": 16", "\"tokens\": 17"))).isInstanceOf(IOException.class)
                .hasMessageContaining("line 2: 1×16 of 17 tokens there, of 16 here");
    }

    @Test
    void malformedLinesAreNamed() {
        assertThatThrownBy(() -> read("{")).isInstanceOf(IOException.class).hasMessageContaining("line 1: ");
        assertThatThrownBy(() -> read("{}")).hasMessageContaining("line 1: no text 'cpu'");
        assertThatThrownBy(() -> read(LINE.replace("0.1", "\"fast\""))).hasMessageContaining("expected durations in seconds");
        assertThatThrownBy(() -> read(LINE.replace("[0.2, 0.1, 0.3]", "[]"))).hasMessageContaining("expected durations");
    }
}
