// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.peers.Bars;
import io.encoder4j.bench.peers.Figures;
import io.encoder4j.bench.peers.Verdict;
import io.encoder4j.bench.roofline.Line;
import io.encoder4j.bench.roofline.Roofline;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// encoder4j compared with other engines.
@Command(name = "peers", mixinStandardHelpOptions = true, description = {
    "Compares encoder4j with ONNX Runtime, float32 and int8, on all-MiniLM-L6-v2 in one process: same weights, same token ids.",
    "It stops if a result differs."})
final class PeersCommand implements Callable<Integer> {

    @Mixin
    private PeersMixin peers;

    @Option(names = "--bars", description = "Also judge the bars; exit code 1 if one is missed.")
    private boolean bars;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Machine machine = Machine.current();
        Figures figures = peers.measure(machine, out);
        if (!bars) {
            return 0;
        }
        Roofline roofline = new Roofline(peers.stopwatch());
        List<Line> lines = peers.precisions().stream().flatMap(p -> roofline.bars(1, p).stream()).toList();
        out.println();
        out.println(Line.header());
        lines.forEach(out::println);
        List<Verdict> verdicts = Bars.judge(figures, lines, peers.precisions(), machine);
        out.println();
        out.println(Verdict.header());
        verdicts.forEach(out::println);
        long missed = verdicts.stream().filter(Verdict::missed).count();
        long skipped = verdicts.stream().filter(verdict -> verdict.skipped() != null).count();
        out.printf("%d bars: %d ok, %d missed, %d skipped%n", verdicts.size(), verdicts.size() - missed - skipped, missed,
                skipped);
        return missed == 0 ? 0 : 1;
    }
}
