// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.bench.peers.ModelFiles;
import io.encoder4j.bench.peers.Workload;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Writes what engines in other languages need to measure the same.
@Command(name = "export", mixinStandardHelpOptions = true, description = {
    "Writes the model in the peers' forms and the workloads as token ids, for tools/bench/peers.py."})
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "A folder that does not exist yet or is empty.")
    private Path folder;

    @Mixin
    private PeersMixin.TextsMixin texts;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(folder)) {
            try (var inside = Files.list(folder)) {
                if (inside.findAny().isPresent()) {
                    throw new IOException(folder + " is not empty; give another folder");
                }
            }
        }
        List<String> passages = texts.read();
        // Not closed: closing deletes the files.
        @SuppressWarnings("resource")
        ModelFiles files = ModelFiles.in(folder);
        JsonMapper json = new JsonMapper();
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("workloads.jsonl"))) {
            for (Workload workload : files.workloads(passages)) {
                out.write(json.writeValueAsString(Map.of("name", workload.name(), "ids", workload.sequences())));
                out.newLine();
            }
        }
        spec.commandLine().getOut().println("written to " + folder + "; now python tools/bench/peers.py " + folder
                + " > figures.jsonl, and ./bench peers --python-peers figures.jsonl on the same texts");
        return 0;
    }
}
