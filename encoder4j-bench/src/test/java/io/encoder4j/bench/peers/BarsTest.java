// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import static io.encoder4j.bench.peers.Contender.ENCODER4J;
import static io.encoder4j.bench.peers.Contender.ONNX_RUNTIME;
import static io.encoder4j.bench.peers.Contender.PYTORCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Spread;
import io.encoder4j.bench.roofline.Line;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BarsTest {

    private static final Machine PLAIN = new Machine("cpu", 2, Set.of("avx2"), "25");
    private static final Machine AMX = new Machine("cpu", 2, Set.of("amx_bf16"), "25");

    private static Figure figure(String system, String precision, int threads, String workload, double tokensPerSecond) {
        double seconds = 1000 / tokensPerSecond;
        return new Figure(new Contender(system, "1", precision), threads, workload, 1000,
                new Spread(seconds, seconds, seconds, 5));
    }

    private static Line line(double share) {
        return new Line("linear 4096×384×1536", "float32", 1, new Spread(1, 1, 1, 5), share * 200, "GFLOP/s",
                OptionalDouble.of(200));
    }

    private static String verdict(List<Verdict> verdicts, String what) {
        List<Verdict> found = verdicts.stream().filter(v -> v.what().equals(what)).toList();
        assertThat(found).as("%s among %s", what, verdicts).hasSize(1);
        return found.getFirst().toString().replaceAll(" +", " ").substring(what.length() + 1);
    }

    @Test
    void ratiosAreJudgedAtEveryNumberOfThreads() {
        Figures figures = new Figures(List.of(
                figure(ONNX_RUNTIME, "float32", 1, "600 passages", 100), figure(ENCODER4J, "float32", 1, "600 passages", 170),
                figure(ONNX_RUNTIME, "float32", 2, "600 passages", 200), figure(ENCODER4J, "float32", 2, "600 passages", 320),
                figure(ONNX_RUNTIME, "float32", 1, "8×512", 100), figure(ENCODER4J, "float32", 1, "8×512", 149)));
        List<Verdict> verdicts = Bars.judge(figures, List.of(line(0.93)), List.of("float32"), PLAIN);
        assertThat(verdict(verdicts, "600 passages, 1 thread: float32 / ONNX Runtime float32")).isEqualTo("1.70 1.70 ok");
        assertThat(verdict(verdicts, "600 passages, 2 threads: float32 / ONNX Runtime float32")).isEqualTo("1.60 1.70 MISSED");
        assertThat(verdict(verdicts, "8×512, 1 thread: float32 / ONNX Runtime float32")).isEqualTo("1.49 1.50 MISSED");
        assertThat(verdict(verdicts, "float32 linear 4096×384×1536, 1 thread / peak")).isEqualTo("0.93 0.92 ok");
        assertThat(verdict(verdicts, "600 passages, float32: 2 threads / 1 thread")).isEqualTo("1.88 1.85 ok");
    }

    @Test
    void withoutAmxItsBarsAreSkippedAloud() {
        Figures figures = new Figures(List.of(figure(ONNX_RUNTIME, "float32", 1, "32×128", 100),
                figure(ENCODER4J, "auto", 1, "32×128", 200), figure(ENCODER4J, "bfloat16", 1, "32×128", 10),
                figure(PYTORCH, "bfloat16", 1, "32×128", 100)));
        List<Verdict> verdicts = Bars.judge(figures, List.of(), List.of("auto", "bfloat16"), PLAIN);
        String skipped = " skipped: needs AMX (amx_bf16), which this processor does not have";
        assertThat(verdict(verdicts, "32×128, 1 thread: auto / ONNX Runtime float32")).isEqualTo("2.00 3.00" + skipped);
        assertThat(verdict(verdicts, "32×128, 1 thread: bfloat16 / PyTorch bfloat16")).isEqualTo("0.10 2.00" + skipped);
        assertThat(verdicts).filteredOn(v -> v.what().contains("bfloat16")).noneMatch(Verdict::missed);
    }

    @Test
    void withAmxTheyCount() {
        Figures figures = new Figures(List.of(figure(ONNX_RUNTIME, "float32", 1, "32×128", 100),
                figure(ENCODER4J, "auto", 1, "32×128", 200), figure(ENCODER4J, "bfloat16", 1, "32×128", 300)));
        List<Verdict> verdicts = Bars.judge(figures, List.of(), List.of("auto", "bfloat16"), AMX);
        assertThat(verdict(verdicts, "32×128, 1 thread: auto / ONNX Runtime float32")).isEqualTo("2.00 3.00 MISSED");
        assertThat(verdict(verdicts, "32×128, 1 thread: bfloat16 / PyTorch bfloat16"))
                .isEqualTo("- 2.00 skipped: no figures of PyTorch; give --python-peers FILE");
    }

    @Test
    void latencyIsComparedAtOneThread() {
        Figures figures = new Figures(List.of(
                figure(ONNX_RUNTIME, "int8", 1, "1×16", 100), figure(ENCODER4J, "bfloat16", 1, "1×16", 250),
                figure(ONNX_RUNTIME, "int8", 2, "1×16", 100), figure(ENCODER4J, "bfloat16", 2, "1×16", 50)));
        List<Verdict> verdicts = Bars.judge(figures, List.of(), List.of("bfloat16"), AMX);
        assertThat(verdict(verdicts, "1×16, 1 thread: bfloat16 / ONNX Runtime int8")).isEqualTo("2.50 2.00 ok");
        assertThat(verdicts).noneMatch(v -> v.what().startsWith("1×16, 2 threads: bfloat16"));
    }

    @Test
    void aPeakThatNobodyMeasuresIsSaid() {
        Line line = new Line("linear 4096×384×1536", "bfloat16", 1, new Spread(1, 1, 1, 5), 900, "GFLOP/s", OptionalDouble.empty());
        assertThat(verdict(Bars.judge(new Figures(List.of()), List.of(line), List.of("bfloat16"), AMX),
                "bfloat16 linear 4096×384×1536, 1 thread / peak"))
                .isEqualTo("- 0.55 skipped: no instruction here multiplies bfloat16");
    }

    @Test
    void whatWasNotMeasuredIsNoSuccess() {
        assertThat(new Verdict("a", OptionalDouble.empty(), 1, null).missed()).isTrue();
        assertThat(new Verdict("a", OptionalDouble.of(Double.NaN), 1, null).missed()).isTrue();
        assertThat(new Verdict("a", OptionalDouble.empty(), 1, "because").missed()).isFalse();
        Figures oneThread = new Figures(List.of(figure(ENCODER4J, "float32", 1, "600 passages", 1)));
        assertThat(verdict(Bars.judge(oneThread, List.of(), List.of("float32"), PLAIN),
                "600 passages, float32: 2 threads / 1 thread")).isEqualTo("- 1.85 skipped: not asked for; give --threads 1,2");
    }
}
