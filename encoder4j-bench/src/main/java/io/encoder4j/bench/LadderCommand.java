// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.ladder.Ladder;
import io.encoder4j.bench.ladder.Operands;
import io.encoder4j.bench.ladder.Rung;
import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.bench.roofline.Peaks;
import io.encoder4j.kernel.Workers;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How a matrix product becomes fast.
@Command(name = "ladder", mixinStandardHelpOptions = true,
        description = "Times a matrix product in nine versions. Each has one idea more than the version before.")
final class LadderCommand implements Callable<Integer> {

    @Option(names = "--rows", description = "Tokens (${DEFAULT-VALUE}).")
    private int rows = 768;

    @Option(names = "--inner", description = "Features in (${DEFAULT-VALUE}).")
    private int inner = 384;

    @Option(names = "--cols", description = "Features out (${DEFAULT-VALUE}).")
    private int cols = 1536;

    @Option(names = "--threads", description = "Threads of the versions that use several (${DEFAULT-VALUE}).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--seconds", description = "Seconds for each version (${DEFAULT-VALUE}).")
    private double seconds = 1;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (rows < 1 || inner < 1 || cols < 1) {
            throw new IllegalArgumentException("sizes must be at least 1, got " + rows + " × " + inner + " × " + cols);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.current());
        var missing = Peaks.withoutFma();
        if (missing.isPresent()) {
            throw new IllegalStateException(missing.get());
        }
        Peaks peaks = Peaks.measure(1, 1 << 20);
        out.printf("%d × %d × %d, float32; peak of a thread: %.1f GFLOP/s%n", rows, inner, cols,
                peaks.float32().getAsDouble());
        out.println(Ladder.Step.header());
        Operands operands = Operands.random(rows, inner, cols);
        Ladder ladder = new Ladder(new Stopwatch(seconds, 3));
        try (Workers workers = Workers.of(threads)) {
            List<Rung> rungs = Ladder.rungs(workers);
            double before = 0;
            for (int i = 0; i < rungs.size(); i++) {
                Ladder.Step step = ladder.climb(rungs.get(i), operands, i < rungs.size() - 2 ? 1 : threads, before, peaks.float32());
                out.println(step);
                before = step.gflops();
            }
        }
        return 0;
    }
}
