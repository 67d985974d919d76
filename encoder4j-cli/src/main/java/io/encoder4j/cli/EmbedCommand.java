// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.EmbedOptionsMixin;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.OutputOption;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.cli.task.Answering;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Texts to vectors. Reads, computes and writes piece by piece, so that an input of any length takes the same memory.
@Command(name = "embed", description = "Turn texts into vectors.",
        footer = {"", "Formats:",
            "  jsonl  {\"index\":0,\"tokens\":12,\"truncated\":false,\"embedding\":[…]}",
            "         for each text on a line",
            "  json   the same in one array",
            "  csv    index,tokens,truncated,e0,e1,… under a line of these names; id and text come after index",
            "  npy    NumPy's array of float32, a row for each text",
            "", "A line may have no vector: it is not UTF-8, or too long with --truncate error. Then jsonl and json have an"
                + " object with its error, and csv leaves it out. The other lines are embedded, and the exit code is 3."
                + " With npy, whose rows have no numbers, the command stops."})
final class EmbedCommand implements Callable<Integer> {

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Mixin
    private EmbedOptionsMixin embedding;

    @Option(names = {"-f", "--format"}, paramLabel = "jsonl|json|csv|npy", order = 30,
            converter = VectorWriter.Format.ByName.class,
            description = "How vectors are written (jsonl); see below.")
    private VectorWriter.Format format = VectorWriter.Format.JSONL;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Timings.mark("command line parsed");
        input.check();
        EmbedOptions options = embedding.options();
        Streams streams = Streams.of(spec);
        boolean npy = format == VectorWriter.Format.NPY;
        check(npy, streams.terminal());
        Answering<TextEmbedding> answering;
        try (Lines lines = input.open(); EncoderModel opened = model.open(); Output file = output.open(streams, npy);
                Progress progress = Progress.ofTexts(streams, "embed", input, output)) {
            Timings.mark("model opened");
            embedding.check(spec, opened);
            Embedder embedder = opened.embedder(options);
            answering = new Answering<>(texts -> embed(embedder, texts), VectorWriter.of(format, file, embedder.dimensions(),
                    input, progress), progress, opened.options().threads());
            answering.all(input, lines);
            file.commit();
        }
        answering.report(streams);
        Timings.mark("model closed");
        return 0;
    }

    private void check(boolean npy, Terminal terminal) {
        if (npy && output.isStandard() && terminal.out()) {
            throw new ParameterException(spec.commandLine(), "npy is binary, so it is not written to a terminal; give --output"
                    + " FILE, or take another --format");
        }
        if (npy && (input.withId() || input.withText())) {
            throw new ParameterException(spec.commandLine(), "npy has numbers only; leave out --id and --with-text, or take"
                    + " another --format");
        }
    }

    private static List<TextEmbedding> embed(Embedder embedder, List<String> texts) {
        List<TextEmbedding> embeddings = embedder.embed(texts);
        Timings.mark("vectors computed");
        return embeddings;
    }
}
