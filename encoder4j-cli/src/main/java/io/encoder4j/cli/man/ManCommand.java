// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.man;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/// Manual pages, of what `--help` tells.
@Command(name = "man", description = "Print the manual page of a command, or write those of all.",
        footer = {"", "To read one:  encoder4j man embed | man -l -"})
public final class ManCommand implements Callable<Integer> {

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command; encoder4j itself without it.")
    private List<String> names = List.of();

    @Option(names = {"-o", "--output"}, paramLabel = "DIR",
            description = "Write encoder4j.1 and a page for each command into this folder, which is made if it is missing.")
    private @Nullable Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (output == null) {
            spec.commandLine().getOut().print(ManPage.of(named()));
            return 0;
        }
        if (!names.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "give COMMAND or --output, not both: --output writes all pages");
        }
        Files.createDirectories(output);
        for (Map.Entry<String, String> page : ManPage.all(spec.root()).entrySet()) {
            Files.writeString(output.resolve(page.getKey()), page.getValue());
        }
        return 0;
    }

    private CommandSpec named() {
        CommandSpec command = spec.root();
        for (int i = 0; i < names.size(); i++) {
            CommandLine next = command.subcommands().get(names.get(i));
            if (next == null) {
                throw new UnmatchedArgumentException(command.commandLine(), names.subList(i, names.size()));
            }
            command = next.getCommandSpec();
        }
        return command;
    }
}
