// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.measure.Precisions;
import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.bench.peers.Comparison;
import io.encoder4j.bench.peers.Figure;
import io.encoder4j.bench.peers.FigurePrinter;
import io.encoder4j.bench.peers.Figures;
import io.encoder4j.bench.peers.ModelFiles;
import io.encoder4j.bench.peers.PythonFigures;
import io.encoder4j.bench.peers.Texts;
import io.encoder4j.bench.peers.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What the commands that compare peers have in common.
final class PeersMixin {

    private static final int NOISY = 10;

    @Mixin
    private TextsMixin texts;

    @Option(names = "--threads", split = ",", description = "Numbers of threads to compare at (${DEFAULT-VALUE}).")
    private List<Integer> threads = new ArrayList<>(List.of(1, 2));

    @Option(names = "--precision", split = ",", paramLabel = "P",
            description = "What encoder4j computes in, one or several of " + Precisions.NAMES + " (${DEFAULT-VALUE}).")
    private List<String> precisions = new ArrayList<>(List.of("float32"));

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--workloads", split = ",", paramLabel = "W",
            description = "Workloads to run: 1x16, 32x128, passages, … (all).")
    private List<String> only = new ArrayList<>();

    @Option(names = "--python-peers", paramLabel = "FILE",
            description = "Figures that tools/bench/peers.py printed, for the same table.")
    private @Nullable Path python;

    @Option(names = "--seconds", description = "Seconds for each peer and workload, without warm-up (${DEFAULT-VALUE}).")
    private double seconds = 3;

    @Option(names = "--runs", description = "Measured runs of each peer and workload, at least (${DEFAULT-VALUE}).")
    private int runs = 5;

    List<String> precisions() {
        return precisions;
    }

    /// What is measured where the user did not choose.
    void precisionsUnlessAsked(String... names) {
        if (!spec.commandLine().getParseResult().hasMatchedOption("--precision")) {
            precisions = List.of(names);
        }
    }

    List<Integer> threads() {
        return threads;
    }

    Stopwatch stopwatch() {
        return new Stopwatch(seconds, runs);
    }

    /// Measures, and prints each figure when it is there.
    Figures measure(Machine machine, PrintWriter out) throws IOException {
        precisions.forEach(Precisions::options);
        if (threads.isEmpty() || threads.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
        }
        List<String> passages = texts.read();
        try (ModelFiles files = ModelFiles.make()) {
            List<Workload> workloads = files.workloads(passages).stream().filter(this::wanted).toList();
            List<Figure> others = python == null ? List.of() : PythonFigures.read(python, machine, workloads);
            FigurePrinter printer = new FigurePrinter(precisions.getFirst());
            out.println(machine);
            out.println(printer.header());
            Figures figures = new Comparison(threads, precisions, stopwatch()).run(files, workloads, some -> {
                Figure first = some.getFirst();
                List<Figure> beside = others.stream().filter(other -> other.threads() == first.threads()
                        && other.workload().equals(first.workload())).toList();
                printer.lines(new Figures(some).and(beside).all()).forEach(out::println);
            });
            if (figures.all().stream().anyMatch(figure -> figure.seconds().percent() > NOISY)) {
                out.println("A spread above " + NOISY + " % means that the machine had other work. Measure again when it is idle.");
            }
            return figures.and(others.stream().filter(other -> threads.contains(other.threads())).toList());
        }
    }

    private boolean wanted(Workload workload) {
        String name = workload.name().replace('×', 'x');
        return only.isEmpty() || only.contains(name) || Workload.isPassages(name) && only.contains("passages");
    }

    /// The options that choose the real texts.
    static final class TextsMixin {

        @Option(names = "--passages", paramLabel = "FILE", description = "Real texts: one a line, or the last column of lines with"
                + " tabs (speeches of the European Parliament, an artifact of the build).")
        private @Nullable Path file;

        @Option(names = "--count", description = "How many passages (${DEFAULT-VALUE}).")
        private int count = 600;

        List<String> read() throws IOException {
            return file == null ? Texts.builtIn(count) : Texts.read(file, count);
        }
    }
}
