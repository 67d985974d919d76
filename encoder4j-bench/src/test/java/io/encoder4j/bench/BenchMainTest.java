// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchMainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path temp;

    private int run(String... args) {
        return BenchMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    }

    @Test
    void peersComputeTheSameInOneProcess() throws IOException {
        Path texts = Files.writeString(temp.resolve("texts.txt"), "A man is eating food.\nA cat sleeps.\n".repeat(20));
        assertThat(run("peers", "--threads", "2", "--workloads", "1x16,passages", "--passages", texts.toString(), "--count", "34",
                "--seconds", "0.01", "--runs", "1")).as(err.toString()).isZero();
        List<String> lines = out.toString().lines().filter(line -> !line.startsWith("A spread above 10 %")).toList();
        assertThat(lines).hasSize(2 + 2 * 3);
        assertThat(lines.get(2)).startsWith("1×16 ").contains("ONNX Runtime 1.").contains("float32").endsWith("×");
        assertThat(lines.get(3)).contains("int8").endsWith("×");
        assertThat(lines.get(4)).contains("encoder4j ").doesNotEndWith("×");
        assertThat(lines.get(5)).startsWith("34 passages ");
    }

    @Test
    void aBarThatIsMissedIsAFailure() {
        int code = run("peers", "--bars", "--threads", "1", "--workloads", "1x128", "--count", "1", "--seconds", "0.01", "--runs", "1");
        assertThat(out.toString()).as(err.toString()).contains("1×128, 1 thread: float32 / ONNX Runtime float32")
                .contains("float32 linear 4096×384×1536, 1 thread / peak").contains("skipped: ").containsPattern("\\d+ bars: ");
        assertThat(code).isEqualTo(out.toString().contains("MISSED") ? 1 : 0);
    }

    @Test
    void theReadmesTableIsPrinted() throws IOException {
        Path texts = Files.writeString(temp.resolve("texts.txt"), "A man is eating food.\n");
        int code = run("readme", "--threads", "1", "--workloads", "passages", "--passages", texts.toString(), "--seconds", "0.01",
                "--runs", "1");
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).contains("| workload | threads | encoder4j ").contains("| 1 passages, sorted by length | 1 | ");
    }

    @Test
    void exportWritesWhatPythonReads() throws IOException {
        Path texts = Files.writeString(temp.resolve("texts.txt"), "A man is eating food.\n");
        Path folder = temp.resolve("export");
        assertThat(run("export", folder.toString(), "--passages", texts.toString())).as(err.toString()).isZero();
        assertThat(folder.resolve("model.onnx")).exists();
        assertThat(folder.resolve("model-int8.onnx")).exists();
        assertThat(folder.resolve("all-MiniLM-L6-v2").resolve("model.safetensors")).exists();
        List<String> workloads = Files.readAllLines(folder.resolve("workloads.jsonl"));
        assertThat(workloads).hasSize(7);
        assertThat(workloads.getLast()).contains("\"1 passages\"").contains("[[101,1037,2158,2003,5983,2833,1012,102]]");
        assertThat(run("export", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is not empty; give another folder");
    }

    @Test
    void mistakesAreSentences() {
        assertThat(run("peers", "--precision", "float8")).isEqualTo(1);
        assertThat(err.toString()).startsWith("bench: no precision named 'float8'; there are: ");
        assertThat(run("peers", "--threads", "0")).isEqualTo(1);
        assertThat(err.toString()).contains("bench: --threads must be at least 1, got [0]");
        assertThat(run("peers", "--passages", temp.resolve("none").toString())).isEqualTo(1);
        assertThat(run("ladder", "--rows", "0")).isEqualTo(1);
        assertThat(err.toString()).contains("bench: sizes must be at least 1, got 0 ");
        assertThat(run("peers", "--workloads", "9x9", "--count", "1")).isEqualTo(1);
        assertThat(err.toString()).contains("bench: there are no workloads to compare on");
    }

    @Test
    void theLadderIsClimbed() {
        assertThat(run("ladder", "--rows", "7", "--inner", "9", "--cols", "65", "--threads", "1", "--seconds", "0.001"))
                .as(err.toString()).isZero();
        assertThat(out.toString().lines()).hasSize(3 + 9).last().asString().startsWith("encoder4j ");
    }
}
