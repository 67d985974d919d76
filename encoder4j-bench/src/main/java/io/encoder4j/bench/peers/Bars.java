// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import static io.encoder4j.bench.peers.Contender.ENCODER4J;
import static io.encoder4j.bench.peers.Contender.ONNX_RUNTIME;
import static io.encoder4j.bench.peers.Contender.PYTORCH;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.roofline.Line;
import io.encoder4j.bench.roofline.Peaks;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Our speed goals: ratios of medians measured in one run.
public final class Bars {

    private static final Predicate<String> PASSAGES = Workload::isPassages;
    private static final Predicate<String> GRID = PASSAGES.negate();

    private static final List<Bar> ALL = List.of(
            new Against("float32", ONNX_RUNTIME, "float32", PASSAGES, false, false, 1.7),
            new Against("float32", ONNX_RUNTIME, "float32", among("32×128", "8×512", "1×128"), false, false, 1.5),
            new Against("float32", ONNX_RUNTIME, "float32", GRID.and(among("32×128", "8×512", "1×128").negate()), false, false, 1.4),
            new Against("auto", ONNX_RUNTIME, "float32", PASSAGES.or(GRID), false, true, 3),
            new Against("bfloat16", PYTORCH, "bfloat16", PASSAGES, false, true, 2.5),
            new Against("bfloat16", PYTORCH, "bfloat16", among("32×128"), false, true, 2),
            new Against("bfloat16", ONNX_RUNTIME, "int8", PASSAGES, false, true, 3.5),
            new Against("bfloat16", ONNX_RUNTIME, "int8", among("1×16"), true, true, 2),
            new Against("int8", ONNX_RUNTIME, "int8", PASSAGES, false, false, 1.6),
            new Against("int8", ONNX_RUNTIME, "int8", among("32×128"), false, false, 1.4),
            new Against("int8", ONNX_RUNTIME, "int8", among("1×16"), false, false, 1.2),
            new OfPeak("float32", false, 0.92),
            new OfPeak("bfloat16", true, 0.55),
            new Scaling(1.85));

    private Bars() { }

    private static Predicate<String> among(String... names) {
        return List.of(names)::contains;
    }

    /// Judges every bar.
    ///
    /// @param lines      what [io.encoder4j.bench.roofline.Roofline#bars] measured
    /// @param precisions the precisions of encoder4j that were measured
    public static List<Verdict> judge(Figures figures, List<Line> lines, List<String> precisions, Machine machine) {
        Run run = new Run(figures, lines, precisions, machine);
        return ALL.stream().flatMap(bar -> bar.judge(run).stream()).toList();
    }

    private record Run(Figures figures, List<Line> lines, List<String> precisions, Machine machine) {

        /// Why a bar does not count, or null.
        @Nullable String skip(boolean amx, String precision) {
            return amx && !machine.hasAmx() ? "needs AMX (amx_bf16), which this processor does not have"
                    : !precisions.contains(precision) ? "not asked for; give --precision " + precision : null;
        }
    }

    private sealed interface Bar {
        List<Verdict> judge(Run run);
    }

    /// encoder4j against another system, on some workloads, at every number of threads or at one.
    private record Against(String precision, String system, String theirs, Predicate<String> workloads, boolean oneThread,
            boolean amx, double atLeast) implements Bar {

        @Override
        public List<Verdict> judge(Run run) {
            List<Verdict> verdicts = new ArrayList<>();
            for (String workload : run.figures.workloads().stream().filter(workloads).toList()) {
                for (int n : run.figures.threads().stream().filter(n -> n == 1 || !oneThread).toList()) {
                    String what = workload + ", " + n + (n == 1 ? " thread: " : " threads: ") + precision + " / " + system + " "
                            + theirs;
                    OptionalDouble ratio = run.figures.find(system, theirs, n, workload)
                            .map(other -> run.figures.ratio(precision, other)).orElse(OptionalDouble.empty());
                    String skip = run.skip(amx, precision);
                    if (skip == null && system.equals(PYTORCH) && run.figures.find(system, theirs, n, workload).isEmpty()) {
                        skip = "no figures of PyTorch; give --python-peers FILE";
                    }
                    verdicts.add(new Verdict(what, ratio, atLeast, skip));
                }
            }
            return verdicts;
        }
    }

    /// A matrix product against the peak.
    private record OfPeak(String precision, boolean amx, double atLeast) implements Bar {

        @Override
        public List<Verdict> judge(Run run) {
            String skip = run.skip(amx, precision);
            List<Line> lines = run.lines.stream().filter(line -> line.precision().equals(precision)).toList();
            if (lines.isEmpty()) {
                return List.of(new Verdict(precision + " linear / peak", OptionalDouble.empty(), atLeast, skip));
            }
            return lines.stream().map(line -> new Verdict(precision + " " + line.kernel() + ", " + line.threads()
                    + (line.threads() == 1 ? " thread" : " threads") + " / peak", line.share(), atLeast,
                    skip == null && line.share().isEmpty() ? Peaks.missing(precision).orElse(null) : skip)).toList();
        }
    }

    /// Two threads against one, on passages, in each precision that was measured.
    private record Scaling(double atLeast) implements Bar {

        @Override
        public List<Verdict> judge(Run run) {
            List<Verdict> verdicts = new ArrayList<>();
            for (String workload : run.figures.workloads().stream().filter(PASSAGES).toList()) {
                for (String precision : run.precisions) {
                    var one = run.figures.find(ENCODER4J, precision, 1, workload);
                    var two = run.figures.find(ENCODER4J, precision, 2, workload);
                    boolean both = one.isPresent() && two.isPresent();
                    String skip = run.machine.processors() < 2 ? "there is one processor"
                            : both ? null : "not asked for; give --threads 1,2";
                    verdicts.add(new Verdict(workload + ", " + precision + ": 2 threads / 1 thread", both ? OptionalDouble.of(
                            two.get().tokensPerSecond() / one.get().tokensPerSecond()) : OptionalDouble.empty(), atLeast, skip));
                }
            }
            return verdicts;
        }
    }
}
