// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How good a model's vectors are: the parent of one command for each kind of test.
@Command(name = "evaluate", description = "Measure how good a model's vectors are.",
        subcommands = EvaluateStsCommand.class)
final class EvaluateCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to evaluate: "
                + String.join(", ", spec.subcommands().keySet()));
    }
}
