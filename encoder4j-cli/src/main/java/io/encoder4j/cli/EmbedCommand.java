// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EmbedOptions;
import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.TextEmbedding;
import io.encoder4j.Timings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Texts to vectors. Reads, computes and writes piece by piece, so that an input of any length takes the same memory.
@Command(name = "embed", description = "Turn texts into vectors.",
        footer = {"", "Formats:",
            "  jsonl  {\"index\":0,\"tokens\":12,\"truncated\":false,\"embedding\":[…]}",
            "         for each text on a line",
            "  json   the same in one array",
            "  csv    index,tokens,truncated,e0,e1,… under a line of these names",
            "  npy    NumPy's array of float32, a row for each text",
            "", "A line that is not UTF-8, or is too long with --truncate error, is told on standard error; the others are"
                + " embedded all the same, and the exit code is 3. Its row is missing. Rows of npy"
                + " have no number, so there the whole is given up."})
final class EmbedCommand implements Callable<Integer> {

    /// Texts computed together, for each thread: enough that all threads have work, and lengths can be sorted.
    private static final int TEXTS_PER_THREAD = 512;
    private static final int MOST_TEXTS = 8192;
    private static final int MOST_CHARACTERS = 4 << 20;

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Mixin
    private EmbedOptionsMixin embedding;

    @Option(names = {"-f", "--format"}, paramLabel = "jsonl|json|csv|npy", order = 30,
            description = "How vectors are written (jsonl); see below.")
    private VectorWriter.Format format = VectorWriter.Format.JSONL;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", order = 31,
            description = "Write there instead of standard output. The file appears when it is complete.")
    private @Nullable Path output;

    @Spec
    private CommandSpec spec;

    /// Texts waiting to be computed, and where they stand in the input.
    private final List<String> texts = new ArrayList<>();
    private final List<Long> indices = new ArrayList<>();
    private long bad;

    @Override
    public Integer call() throws IOException {
        Timings.mark("command line parsed");
        input.check();
        EmbedOptions options = embedding.options();
        Streams streams = Streams.of(spec);
        boolean patching = format == VectorWriter.Format.NPY;
        long count;
        try (Lines lines = input.open();
                Progress progress = new Progress(streams, streams.watched() ? input.count() : OptionalLong.empty());
                EncoderModel opened = model.open();
                Output file = Output.open(output, patching, streams)) {
            Timings.mark("model opened");
            Embedder embedder = opened.embedder(options);
            VectorWriter writer = VectorWriter.of(format, file, embedder.dimensions());
            count = embed(lines, embedder, writer, progress);
            if (count == 0) {
                throw CommandFailed.input("there are no texts in " + input.name());
            }
            if (bad == count) {
                throw CommandFailed.input("no text could be embedded");
            }
            writer.finish();
        }
        if (bad > 0) {
            throw CommandFailed.input(bad + " of " + count + " texts could not be embedded; the others were");
        }
        Timings.mark("model closed");
        return 0;
    }

    private long embed(Lines lines, Embedder embedder, VectorWriter writer, Progress progress) throws IOException {
        int most = Math.min(MOST_TEXTS, TEXTS_PER_THREAD * model.options().threads());
        long count = 0;
        int characters = 0;
        progress.to(0);
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            long index = count++;
            if (line.problem() != null) {
                flush(embedder, writer, progress);
                characters = 0;
                skip(index, line.problem(), writer, progress);
                continue;
            }
            texts.add(line.text());
            indices.add(index);
            characters += line.text().length();
            if (texts.size() >= most || characters >= MOST_CHARACTERS) {
                flush(embedder, writer, progress);
                characters = 0;
            }
        }
        flush(embedder, writer, progress);
        return count;
    }

    /// Computes and writes what is waiting.
    private void flush(Embedder embedder, VectorWriter writer, Progress progress) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        List<TextTask.Answered<TextEmbedding>> answers = TextTask.Answered.all(texts, embedder::embed);
        Timings.mark("vectors computed");
        for (int i = 0; i < texts.size(); i++) {
            TextEmbedding vector = answers.get(i).result();
            if (vector == null) {
                skip(indices.get(i), String.valueOf(answers.get(i).problem()), writer, progress);
            } else {
                writer.write(indices.get(i), vector);
            }
        }
        progress.to(indices.getLast() + 1);
        texts.clear();
        indices.clear();
    }

    private void skip(long index, String problem, VectorWriter writer, Progress progress) throws IOException {
        bad++;
        progress.line("encoder4j: " + input.name(index) + " " + Failure.oneLine(problem));
        writer.write(index, null);
    }
}
