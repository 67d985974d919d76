// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.models;

import io.encoder4j.cli.CommandFailed;
import io.encoder4j.cli.DownloadProgress;
import io.encoder4j.cli.Streams;
import io.encoder4j.files.Printable;
import io.encoder4j.hub.CachedModel;
import io.encoder4j.hub.CachedModels;
import io.encoder4j.hub.HubId;
import io.encoder4j.hub.HubSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Takes a model out of the cache.
@Command(name = "remove", description = "Remove a model, or one revision of it, from the Hugging Face cache.")
final class ModelsRemoveCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ORG/NAME", description = "The model, with all its revisions; org/name@revision for one of them.")
    private String text;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        HubId model = HubId.parse(text).orElseThrow(() -> new ParameterException(spec.commandLine(),
                "'" + text + "' is no model's name; expected org/name or org/name@revision"));
        CachedModels models = new CachedModels(HubSettings.ofEnvironment());
        Optional<CachedModel> found = models.list().stream().filter(m -> m.repo().equals(model.repo())).findFirst();
        boolean whole = !text.contains("@");
        if (found.isPresent() && !yes && !agreed(found.get(), whole)) {
            throw CommandFailed.check("nothing was removed; answer y, or give --yes");
        }
        long bytes = whole ? models.remove(model.repo()) : models.removeRevision(model);
        spec.commandLine().getOut().println("removed " + Printable.line(text) + ": " + DownloadProgress.size(bytes) + " are free");
        return 0;
    }

    private boolean agreed(CachedModel found, boolean whole) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        err.print("encoder4j: remove " + Printable.line(whole ? found.folder() + ", " + DownloadProgress.size(found.bytes()) : text
                + " from " + found.folder()) + "? [y/N] ");
        err.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(Streams.of(spec).in(), StandardCharsets.UTF_8));
        String answer = Objects.requireNonNullElse(in.readLine(), "").strip();
        return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    }
}
