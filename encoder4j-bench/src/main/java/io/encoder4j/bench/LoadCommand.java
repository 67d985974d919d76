// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.load.LoadTest;
import io.encoder4j.bench.load.Target;
import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.peers.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A server under load.
@Command(name = "load", mixinStandardHelpOptions = true, description = {
    "Measures a server on this machine through its route /embed. First a fixed number of clients finds the server's capacity. Then"
            + " requests are sent at fixed rates, in multiples of that capacity.",
    "With --in-process, it compares the server with calls in this process. The server must serve all-MiniLM-L6-v2."})
final class LoadCommand implements Callable<Integer> {

    @Option(names = "--url", description = "The server's address, on this machine (${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--api-key", description = "The server's API key, if it needs one.")
    private @Nullable String key;

    @Option(names = "--texts", paramLabel = "FILE", description = "Texts, one a line, or the last column of lines with tabs (English"
            + " paragraphs of the European Parliament).")
    private @Nullable Path texts;

    @Option(names = "--count", description = "How many texts (${DEFAULT-VALUE}).")
    private int count = 600;

    @Option(names = "--words", description = "Keep only this many words of each text; 0 keeps all (${DEFAULT-VALUE}).")
    private int words;

    @Option(names = "--texts-per-request", description = "Texts in one request (${DEFAULT-VALUE}).")
    private int textsPerRequest = 1;

    @Option(names = "--clients", description = "Number of clients for finding the capacity (${DEFAULT-VALUE}).")
    private int clients = 64;

    @Option(names = "--rates", split = ",", paramLabel = "X", description = "Rates, in multiples of the capacity (${DEFAULT-VALUE}).")
    private List<Double> rates = List.of(0.25, 0.5, 0.7, 1.0, 2.0, 4.0);

    @Option(names = "--seconds", description = "Seconds for each measurement (${DEFAULT-VALUE}).")
    private double seconds = 10;

    @Option(names = "--in-process", paramLabel = "THREADS", description = "Compare with calls in this process on that many threads.")
    private int inProcess;

    @Option(names = "--server-pid", paramLabel = "PID", description = "The server's process, for its processor time.")
    private long serverPid;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(seconds > 0) || textsPerRequest < 1 || count < 1 || words < 0 || inProcess < 0) {
            throw new IllegalArgumentException("--seconds, --count and --texts-per-request must be above 0,"
                    + " --words and --in-process not below it");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<String> lines = texts == null ? Texts.builtIn(count) : Texts.read(texts, count);
        if (words > 0) {
            lines = lines.stream().map(this::shortened).toList();
        }
        out.println(Machine.current());
        try (Target target = new Target(url, key, lines, textsPerRequest)) {
            LoadTest test = new LoadTest(target, seconds, out);
            if (inProcess > 0) {
                test.compare(lines, textsPerRequest, clients, inProcess, ProcessHandle.of(serverPid).orElse(null));
            } else {
                test.steps(clients, rates);
            }
        }
        return 0;
    }

    private String shortened(String text) {
        String[] all = text.split(" ");
        return String.join(" ", List.of(all).subList(0, Math.min(words, all.length)));
    }
}
