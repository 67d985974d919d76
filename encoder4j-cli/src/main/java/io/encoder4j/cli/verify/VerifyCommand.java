// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.ModelOptions;
import io.encoder4j.cli.option.ComputeOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `encoder4j verify PATH…`
@Command(name = "verify", description = {"Compare our numbers with those the reference implementations recorded.",
    "%nPATH is a model folder with golden.safetensors (inputs, and what transformers computed from them, every intermediate"
    + " included), a .safetensors file of a torch module, a folder with tokenizer.json and golden.jsonl, or a folder that"
    + " has such things in it."})
public final class VerifyCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Goldens, or folders with goldens in them.")
    private List<Path> paths = List.of();

    @Mixin
    private ComputeOption compute = new ComputeOption();

    @Option(names = "--json", order = 30, description = "Print one JSON object.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    /// For picocli.
    public VerifyCommand() { }

    @Override
    public Integer call() throws IOException {
        ModelOptions options = compute.options();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        VerifyText text = new VerifyText(out);
        List<Golden> goldens = new ArrayList<>();
        for (Path path : paths) {
            goldens.addAll(Goldens.at(path));
        }
        List<Section> sections = new ArrayList<>();
        if (!json) {
            text.header(options.precision());
        }
        for (Golden golden : goldens) {
            Section section = Goldens.check(golden, options);
            sections.add(section);
            if (!json) {
                text.print(section);
            }
        }
        if (json) {
            out.println(VerifyJson.of(sections, options.precision()));
            out.flush();
        } else {
            text.total(sections);
        }
        return sections.stream().anyMatch(s -> s.error() != null) ? 3 : Total.of(sections).ok() ? 0 : 1;
    }
}
