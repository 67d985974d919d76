// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.models;

import io.encoder4j.cli.CommandFailed;
import io.encoder4j.cli.DownloadProgress;
import io.encoder4j.files.Printable;
import io.encoder4j.hub.CachedModel;
import io.encoder4j.hub.CachedModels;
import io.encoder4j.hub.HubSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Compares what the cache has with its checksums.
@Command(name = "verify", description = "Compare the files of the Hugging Face cache with their checksums.")
final class ModelsVerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ORG/NAME", arity = "0..*", description = "The models (all).")
    private List<String> models = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CachedModels cache = new CachedModels(HubSettings.ofEnvironment());
        List<String> names = models.isEmpty() ? cache.list().stream().map(CachedModel::repo).toList() : models;
        PrintWriter out = spec.commandLine().getOut();
        int damaged = 0;
        for (String name : names) {
            long[] checked = new long[2]; // files, bytes
            List<String> problems = cache.verify(name, bytes -> {
                checked[0]++;
                checked[1] += bytes;
            });
            problems.forEach(problem -> out.println(Printable.line(name + ": " + problem)));
            if (problems.isEmpty()) {
                out.println(name + ": " + checked[0] + (checked[0] == 1 ? " file, " : " files, ")
                        + DownloadProgress.size(checked[1]) + ", undamaged");
            }
            damaged += problems.isEmpty() ? 0 : 1;
        }
        if (damaged > 0) {
            throw CommandFailed.check((damaged == 1 ? "1 model is" : damaged + " models are") + " damaged; encoder4j models"
                    + " download ORG/NAME downloads again what is");
        }
        return 0;
    }
}
