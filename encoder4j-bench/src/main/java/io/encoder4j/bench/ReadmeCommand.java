// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.measure.Machine;
import io.encoder4j.bench.peers.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The README's table.
@Command(name = "readme", mixinStandardHelpOptions = true,
        description = "Runs the comparison and prints the README's table.")
final class ReadmeCommand implements Callable<Integer> {

    @Mixin
    private PeersMixin peers;

    @Option(names = "--write", description = "Replace the table in README.md.")
    private boolean write;

    @Option(names = "--file", hidden = true)
    private Path readme = Path.of("README.md");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (write) {
            // Fails now if the README has no place for the table, not after minutes of measuring.
            ReadmeTable.replace(Files.readString(readme), "");
        }
        peers.precisionsUnlessAsked("float32", "bfloat16", "int8");
        Machine machine = Machine.current();
        Figures figures = peers.measure(machine, spec.commandLine().getErr());
        String table = new ReadmeTable(machine, LocalDate.now(), peers.precisions().getFirst()).markdown(figures);
        if (write) {
            Files.writeString(readme, ReadmeTable.replace(Files.readString(readme), table));
        } else {
            spec.commandLine().getOut().print(table);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
