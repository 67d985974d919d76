// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine;

/// `./bench COMMAND`.
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measurements. docs/benchmarks.md explains how to read them.",
        subcommands = {PeersCommand.class, RooflineCommand.class, LadderCommand.class, ReadmeCommand.class, ExportCommand.class,
            TokenizerComparison.class, LangChain4jCommand.class, LoadCommand.class})
public final class BenchMain {

    private BenchMain() { }

    /// Runs a command and exits with 0; with 1 if a bar is missed or something fails; with 2 for wrong options.
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /// The command line, which tests run.
    static CommandLine commandLine() {
        return new CommandLine(new BenchMain())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((e, line, _) -> {
                    // A user's mistake is one sentence. Anything else is a fault of ours and prints its stack.
                    if (!(e instanceof IOException || e instanceof IllegalArgumentException || e instanceof IllegalStateException)) {
                        throw e;
                    }
                    line.getErr().println("bench: " + e.getMessage());
                    return 1;
                });
    }
}
