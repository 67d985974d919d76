// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.models;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The Hugging Face cache, which Python's libraries share.
@Command(name = "models", description = "Show, download, verify and remove models of the Hugging Face cache.",
        subcommands = {ModelsListCommand.class, ModelsDownloadCommand.class, ModelsVerifyCommand.class,
            ModelsRemoveCommand.class},
        footer = {"", "The cache is the one Python's libraries use: $HF_HUB_CACHE, else $HF_HOME/hub, else",
            "~/.cache/huggingface/hub. HF_TOKEN gives access to private models, HF_ENDPOINT names another hub,",
            "HF_HUB_OFFLINE=1 forbids the network, HTTPS_PROXY, HTTP_PROXY and NO_PROXY say how to reach it."})
public final class ModelsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
    }
}
