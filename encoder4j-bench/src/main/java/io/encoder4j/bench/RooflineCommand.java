// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Precisions;
import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.bench.roofline.Line;
import io.encoder4j.bench.roofline.Peaks;
import io.encoder4j.bench.roofline.Roofline;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Each kernel's share of the peak.
@Command(name = "roofline", mixinStandardHelpOptions = true,
        description = "Shows what share of the processor's peak each kernel reaches. Both are measured in the same run.")
final class RooflineCommand implements Callable<Integer> {

    @Option(names = "--threads", split = ",", description = "Numbers of threads (${DEFAULT-VALUE}).")
    private List<Integer> threads = new ArrayList<>(List.of(1));

    @Option(names = "--precision", split = ",", paramLabel = "P",
            description = "One or several of " + Precisions.NAMES + " (${DEFAULT-VALUE}).")
    private List<String> precisions = new ArrayList<>(List.of("float32"));

    @Option(names = "--seconds", description = "Seconds for each kernel (${DEFAULT-VALUE}).")
    private double seconds = 1;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        precisions.forEach(Precisions::options);
        out.println(Machine.current());
        Peaks.withoutFma().ifPresent(out::println);
        out.println(Line.header());
        Roofline roofline = new Roofline(new Stopwatch(seconds, 5));
        for (int n : threads) {
            precisions.forEach(precision -> roofline.all(n, precision).forEach(out::println));
        }
        return 0;
    }
}
