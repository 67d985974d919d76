// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.models;

import io.encoder4j.cli.DownloadProgress;
import io.encoder4j.cli.JsonOutput;
import io.encoder4j.files.Printable;
import io.encoder4j.hub.CachedModel;
import io.encoder4j.hub.CachedModels;
import io.encoder4j.hub.HubSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What the cache has.
@Command(name = "list", description = "List the models of the Hugging Face cache: revisions, sizes, what they lack.")
final class ModelsListCommand implements Callable<Integer> {

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        HubSettings settings = HubSettings.ofEnvironment();
        List<CachedModel> models = new CachedModels(settings).list();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("cache", settings.cache().toString());
            report.put("models", models.stream().map(ModelsListCommand::report).toList());
            out.println(JsonOutput.indented(report));
            return 0;
        }
        out.println(Printable.path(settings.cache()) + ": " + models.size() + (models.size() == 1 ? " model, " : " models, ")
                + DownloadProgress.size(models.stream().mapToLong(CachedModel::bytes).sum()));
        for (CachedModel model : models) {
            out.printf("%-48s %10s%n", Printable.name(model.repo()), DownloadProgress.size(model.bytes()));
            for (CachedModel.Revision revision : model.revisions()) {
                out.printf("  %-12.12s %-32s %s%n", Printable.name(revision.commit()), Printable.line(String.join(", ", revision.refs())),
                        revision.missing().isEmpty() ? revision.files() + " files" : "cannot be used: no " + Printable.line(String.valueOf(revision.missing())));
            }
        }
        return 0;
    }

    private static Map<String, Object> report(CachedModel model) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("model", model.repo());
        report.put("bytes", model.bytes());
        report.put("folder", model.folder().toString());
        report.put("revisions", model.revisions().stream().map(revision -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("commit", revision.commit());
            one.put("refs", revision.refs());
            one.put("folder", revision.folder().toString());
            one.put("files", revision.files());
            one.put("missing", revision.missing());
            return one;
        }).toList());
        return report;
    }
}
