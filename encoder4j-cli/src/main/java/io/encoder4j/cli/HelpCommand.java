// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpCommandInitializable2;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/// `help COMMAND`, the same as `COMMAND --help`.
@Command(name = "help", helpCommand = true, description = "Explain a command, as COMMAND --help does.")
final class HelpCommand implements IHelpCommandInitializable2, Runnable {

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command; all of them without it.")
    private List<String> names = List.of();

    private @Nullable CommandLine self;

    @Override
    public void init(CommandLine helpCommandLine, Help.ColorScheme colours, java.io.PrintWriter out, java.io.PrintWriter err) {
        self = helpCommandLine;
    }

    @Override
    public void run() {
        CommandLine help = Objects.requireNonNull(self);
        CommandLine command = help.getParent();
        for (int i = 0; i < names.size(); i++) {
            CommandLine parent = command;
            command = parent.getSubcommands().get(names.get(i));
            if (command == null) {
                throw new UnmatchedArgumentException(parent, names.subList(i, names.size()));
            }
        }
        command.usage(help.getOut());
    }
}
