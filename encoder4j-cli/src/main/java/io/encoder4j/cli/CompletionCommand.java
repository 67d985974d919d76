// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A script that makes a shell complete commands and options.
@Command(name = "completion", description = "Print a script that lets bash or zsh complete commands and options.",
        footer = {"", "For this shell:", "  source <(encoder4j completion)",
            "For every bash:", "  encoder4j completion >~/.local/share/bash-completion/completions/encoder4j",
            "For every zsh, with a line in ~/.zshrc that sources the file:", "  encoder4j completion >~/.encoder4j-completion",
            "", "The shell has to know the command as encoder4j: by a link in a folder of the PATH, or an alias."})
final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(AutoComplete.bash("encoder4j", spec.root().commandLine()));
    }
}
