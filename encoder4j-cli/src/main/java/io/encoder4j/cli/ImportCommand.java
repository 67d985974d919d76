// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.MergedFolder;
import io.encoder4j.cli.option.EmbedOptionsMixin;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.models.Models;
import io.encoder4j.onnx.ImportOptions;
import io.encoder4j.onnx.OnnxImport;
import io.encoder4j.onnx.UnknownPoolingException;
import io.encoder4j.sentence.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a model folder of an ONNX file, or of a LoRA adapter and its base.
@Command(name = "import", description = "Make a Hugging Face model folder of an ONNX file, or of a LoRA adapter, which becomes part"
        + " of its base's weights.")
final class ImportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL",
            description = "An .onnx file; config.json, modules.json and other files beside it are taken into account. Or the folder"
                    + " of an adapter, or its name on the hub: org/name.")
    private Path model;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", required = true, order = 0,
            description = "The folder to make: new or empty.")
    private Path output;

    @Option(names = "--tokenizer", paramLabel = "FILE", order = 1,
            description = "Its tokenizer.json (the one beside the model).")
    private @Nullable Path tokenizer;

    @Option(names = "--pooling", paramLabel = "P", order = 2, converter = EmbedOptionsMixin.PoolingConverter.class,
            description = "How token vectors become one: mean, cls, max, … (as in the graph or modules.json).")
    private @Nullable Pooling pooling;

    @Option(names = "--normalize", negatable = true, order = 3, description = "Whether vectors get length 1 (as in the graph or modules.json).")
    private @Nullable Boolean normalize;

    @Option(names = "--max-length", paramLabel = "N", order = 4, converter = Numbers.Positive.class,
            description = "Tokens kept of a text, special ones included.")
    private @Nullable Integer maxLength;

    @Option(names = "--heads", paramLabel = "N", order = 5, converter = Numbers.Positive.class,
            description = "The number of attention heads, if the graph does not show it.")
    private @Nullable Integer heads;

    @Option(names = "--epsilon", paramLabel = "X", order = 6, converter = Numbers.Finite.class,
            description = "Epsilon of the layer norms, if the graph does not show it.")
    private @Nullable Double epsilon;

    @Option(names = "--activation", paramLabel = "NAME", order = 7,
            description = "Activation of the feed-forward block, if the graph does not show it: gelu, relu, …")
    private @Nullable String activation;

    @Option(names = "--prompt", paramLabel = "NAME=TEXT", order = 8,
            description = "A prompt the model was trained with; may be repeated.")
    private Map<String, String> prompts = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(model) || !Files.exists(model) && !model.toString().endsWith(".onnx")) {
            merge();
        } else {
            convert();
        }
        spec.commandLine().getOut().println(output);
        return 0;
    }

    private void merge() throws IOException {
        List<String> given = spec.commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName)
                .filter(name -> !name.equals("--output")).toList();
        if (!given.isEmpty()) {
            throw CommandFailed.input(String.join(", ", given) + " is for ONNX files; an adapter's folder says all itself");
        }
        MergedFolder.write(Models.ofUser(new DownloadProgress(Streams.of(spec))).folder(model.toString()), output);
    }

    private void convert() throws NoSuchFileException {
        for (Path file : tokenizer == null ? new Path[] {model} : new Path[] {model, tokenizer}) {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }
        try {
            OnnxImport.toFolder(model, tokenizer, output, new ImportOptions(heads, epsilon, activation,
                    pooling == null ? null : pooling.id(), normalize, maxLength, prompts));
        } catch (UnknownPoolingException e) {
            throw CommandFailed.input(model + ": " + e.reason() + ", so the graph does not show how a text's vector is made of"
                    + " its tokens' vectors; say it with --pooling (" + String.join(", ", Pooling.names())
                    + "), as the model's card has it");
        }
    }
}
