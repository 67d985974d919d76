// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import ai.onnxruntime.OrtException;
import io.encoder4j.bench.measure.Spread;
import io.encoder4j.bench.measure.Stopwatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Runs the peers of this process in turns, on the same weights and token ids: ONNX Runtime in float32 and int8, and encoder4j in
/// the precisions asked for. Before a workload is timed, all results are compared with ONNX Runtime's float32.
///
/// @param threads    the numbers of threads to compare at
/// @param precisions the precisions of encoder4j
/// @param stopwatch  how long and how often each runs
public record Comparison(List<Integer> threads, List<String> precisions, Stopwatch stopwatch) {

    /// Runs everything.
    ///
    /// @param each gets the figures of each workload as soon as they are there
    /// @throws IllegalStateException if results differ
    /// @throws IllegalArgumentException if there are no workloads
    public Figures run(ModelFiles files, List<Workload> workloads, Consumer<List<Figure>> each) throws IOException {
        if (workloads.isEmpty()) {
            throw new IllegalArgumentException("there are no workloads to compare on");
        }
        List<Figure> figures = new ArrayList<>();
        for (int n : threads) {
            List<Peer> peers = new ArrayList<>();
            try {
                open(files, n, peers);
                settle(peers, workloads.getFirst());
                for (Workload workload : workloads) {
                    List<Figure> some = figures(n, peers, workload);
                    figures.addAll(some);
                    each.accept(some);
                }
            } finally {
                peers.forEach(Peer::close);
            }
        }
        return new Figures(figures);
    }

    private void open(ModelFiles files, int n, List<Peer> peers) throws IOException {
        try {
            peers.add(new OnnxRuntimePeer(files.onnx(), n, "float32"));
            peers.add(new OnnxRuntimePeer(files.int8(), n, "int8"));
        } catch (OrtException e) {
            throw new IOException("ONNX Runtime: " + e.getMessage(), e);
        }
        for (String precision : precisions) {
            peers.add(new Encoder4jPeer(files.folder(), n, precision));
        }
    }

    private void settle(List<Peer> peers, Workload workload) {
        for (Peer peer : peers) {
            if (peer.contender().system().equals(Contender.ENCODER4J)) {
                List<int[][]> batches = peer.batches(workload);
                stopwatch.settle(() -> peer.run(batches));
            }
        }
    }

    private List<Figure> figures(int n, List<Peer> peers, Workload workload) {
        List<Runnable> runs = new ArrayList<>();
        List<Double> cosines = new ArrayList<>();
        float[][] expected = {};
        for (Peer peer : peers) {
            List<int[][]> batches = peer.batches(workload);
            float[][] result = peer.run(batches);
            expected = runs.isEmpty() ? result : expected;
            cosines.add(Agreement.require(workload, expected, peer.contender(), result));
            runs.add(() -> peer.run(batches));
        }
        List<Spread> spreads = stopwatch.time(runs);
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < peers.size(); i++) {
            figures.add(new Figure(peers.get(i).contender(), n, workload.name(), workload.tokens(), spreads.get(i),
                    cosines.get(i)));
        }
        return figures;
    }
}
