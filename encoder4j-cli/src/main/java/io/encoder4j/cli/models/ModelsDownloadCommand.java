// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.models;

import io.encoder4j.cli.DownloadProgress;
import io.encoder4j.cli.Streams;
import io.encoder4j.hub.Hub;
import io.encoder4j.hub.HubId;
import io.encoder4j.hub.HubSettings;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Fetches models.
@Command(name = "download", description = "Download models, or what is new in them, into the Hugging Face cache; print their"
        + " folders.")
final class ModelsDownloadCommand implements Callable<Integer> {

    /// `org/name` or `org/name@revision`.
    static final class Id implements ITypeConverter<HubId> {
        @Override
        public HubId convert(String text) {
            return HubId.parse(text).orElseThrow(() -> new TypeConversionException("'" + text
                    + "' is no model's name; expected org/name or org/name@revision"));
        }
    }

    @Parameters(paramLabel = "ORG/NAME", arity = "1..*", converter = Id.class,
            description = "The models; org/name@revision for a branch, tag or commit.")
    private List<HubId> models;

    @Option(names = "--include", paramLabel = "GLOB",
            description = "Another file to download, such as onnx/model.onnx; may be repeated.")
    private List<String> include = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<PathMatcher> globs = include.stream().map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob)).toList();
        try (Hub hub = new Hub(HubSettings.ofEnvironment(), new DownloadProgress(Streams.of(spec)))) {
            for (HubId id : models) {
                Path folder = hub.download(id, name -> globs.stream().anyMatch(glob -> glob.matches(Path.of(name))));
                spec.commandLine().getOut().println(folder);
            }
        }
        return 0;
    }
}
