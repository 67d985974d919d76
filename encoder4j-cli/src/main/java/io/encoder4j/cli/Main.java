// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.cli.verify.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `encoder4j`, the command that has all others.
@Command(name = "encoder4j", mixinStandardHelpOptions = true, version = "encoder4j 0.1.0",
        description = "Transformer encoders for the JVM: vectors, and how they come about.",
        subcommands = {VerifyCommand.class})
public final class Main {

    private Main() { }

    /// Runs a command and exits with its code.
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
