// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import ai.onnxruntime.OrtException;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs ONNX Runtime and encoder4j in one process on the same weights and token ids, in turn, and prints the medians and
/// their ratio. A result that differs by more than 1e-3 stops it: a fast wrong answer is worth nothing.
@Command(name = "peers", mixinStandardHelpOptions = true,
        description = "Compares encoder4j with ONNX Runtime on all-MiniLM-L6-v2, float32, in one process.")
public final class PeerComparison implements Callable<Integer> {

    private static final int[][] GRID = {{1, 16}, {1, 128}, {1, 512}, {32, 16}, {32, 128}, {8, 512}};

    @Option(names = "--passages", paramLabel = "FILE", description = "real texts, one a line or the last field of a TSV")
    private @Nullable Path passages;

    @Option(names = "--count", description = "texts taken from the file (${DEFAULT-VALUE})")
    private int count = 600;

    @Option(names = "--threads", split = ",", description = "numbers of threads to compare at (${DEFAULT-VALUE})")
    private int[] threads = {1, 2};

    @Option(names = "--seconds", description = "seconds for each peer and workload (${DEFAULT-VALUE})")
    private double seconds = 3;

    private PeerComparison() { }

    /// Runs the comparison and exits.
    public static void main(String[] args) {
        System.exit(new CommandLine(new PeerComparison()).execute(args));
    }

    @Override
    public Integer call() throws IOException, OrtException {
        Path temp = Files.createTempDirectory("encoder4j-bench");
        Path onnx = resource("/all-minilm-l6-v2.onnx", temp.resolve("all-minilm-l6-v2.onnx"));
        Path tokenizerJson = resource("/all-minilm-l6-v2-tokenizer.json", temp.resolve("tokenizer.json"));
        Path folder = temp.resolve("all-MiniLM-L6-v2");
        OnnxImport.toFolder(onnx, tokenizerJson, folder, ImportOptions.defaults());
        Tokenizer tokenizer = Tokenizer.load(tokenizerJson);
        List<Workload> workloads = new ArrayList<>();
        for (int[] size : GRID) {
            workloads.add(Workload.grid(size[0], size[1], tokenizer.vocabSize()));
        }
        if (passages != null) {
            workloads.add(Workload.passages(passages, count, tokenizer));
        }
        for (int n : threads) {
            compare(n, onnx, folder, workloads);
        }
        return 0;
    }

    private static Path resource(String name, Path to) throws IOException {
        try (InputStream in = PeerComparison.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the class path has no " + name);
            }
            Files.copy(in, to);
        }
        return to;
    }

    private void compare(int n, Path onnx, Path folder, List<Workload> workloads) throws IOException, OrtException {
        try (Peer theirs = new OnnxRuntimePeer(onnx, n); Peer ours = new Encoder4jPeer(folder, n)) {
            System.out.printf("%n%d thread%s: %s and %s, tokens per second (milliseconds)%n", n, n == 1 ? "" : "s",
                    theirs.name(), ours.name());
            System.out.printf("%-14s %20s %20s %8s%n", "workload", "ONNX Runtime", "encoder4j", "ratio");
            for (Workload workload : workloads) {
                agree(workload, theirs, ours);
                double[] medians = medians(workload, theirs, ours);
                System.out.printf(Locale.ROOT, "%-14s %11.0f (%6.1f) %11.0f (%6.1f) %7.2f×%n", workload.name(),
                        workload.tokens() / medians[0], medians[0] * 1e3,
                        workload.tokens() / medians[1], medians[1] * 1e3, medians[0] / medians[1]);
            }
        }
    }

    private static void agree(Workload workload, Peer theirs, Peer ours) {
        for (int[][] batch : workload.batches()) {
            float[] a = theirs.run(batch);
            float[] b = ours.run(batch);
            for (int i = 0; i < a.length; i++) {
                if (!(Math.abs(a[i] - b[i]) < 1e-3)) {
                    throw new IllegalStateException(workload.name() + ": value " + i + " is " + a[i] + " there and "
                            + b[i] + " here");
                }
            }
        }
    }

    /// Seconds of one run of the workload, for both, measured in turn so that both meet the same disturbances.
    private double[] medians(Workload workload, Peer theirs, Peer ours) {
        List<Double> a = new ArrayList<>();
        List<Double> b = new ArrayList<>();
        double warmUp = Math.max(1, seconds / 2);
        for (double spent = 0; spent < 2 * warmUp;) {
            spent += time(workload, theirs) + time(workload, ours);
        }
        double spent = 0;
        while (spent < 2 * seconds || a.size() < 5) {
            a.add(time(workload, theirs));
            b.add(time(workload, ours));
            spent += a.getLast() + b.getLast();
        }
        return new double[] {median(a), median(b)};
    }

    private static double time(Workload workload, Peer peer) {
        long start = System.nanoTime();
        for (int[][] batch : workload.batches()) {
            peer.run(batch);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
