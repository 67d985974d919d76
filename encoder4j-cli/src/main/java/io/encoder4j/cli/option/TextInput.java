// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.option;

import io.encoder4j.cli.Streams;
import io.encoder4j.cli.input.ColumnFormat;
import io.encoder4j.cli.input.InputBytes;
import io.encoder4j.cli.input.Lines;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The texts of a command: its arguments, or those in a file or in standard input. A mixin.
public final class TextInput {

    @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts, one for each argument.")
    private List<String> texts = List.of();

    @Option(names = {"-i", "--input"}, paramLabel = "FILE|-", order = 0, converter = Places.AsInput.class,
            description = "Read texts from a file, or with - from standard input, one on each line; an empty line is an empty"
                    + " text. UTF-8, or UTF-16 with a mark; gzip is unpacked.")
    private @Nullable String input;

    @Option(names = "--input-format", paramLabel = "lines|jsonl|csv|tsv", order = 10, converter = ByFormat.class,
            description = "What the input is (what its name ends in: .jsonl, .ndjson, .csv or .tsv; else lines).")
    private @Nullable ColumnFormat format;

    @Option(names = "--column", paramLabel = "NAME", order = 11,
            description = "The field of jsonl, or the column of csv and tsv, that has the text (text).")
    private @Nullable String column;

    @Option(names = "--id", paramLabel = "NAME", order = 12,
            description = "The field or column that has an id, which the output repeats.")
    private @Nullable String id;

    @Option(names = "--with-text", order = 13, description = "Repeat the text in the output.")
    private boolean withText;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    static final class ByFormat implements ITypeConverter<ColumnFormat> {
        @Override
        public ColumnFormat convert(String name) {
            return Choice.of(name, ColumnFormat.values());
        }
    }

    /// Tells it its command, where it stands in another mixin: picocli then takes that for the command.
    public void in(CommandSpec spec) {
        command = spec;
    }

    /// Leaves the first argument to the command, which has a parameter of its own before the texts; picocli gives it to both.
    public void skipFirst() {
        texts = texts.subList(Math.min(1, texts.size()), texts.size());
    }

    /// @throws ParameterException unless there are either texts or an input, and columns only where there can be some
    public void check() {
        if (texts.isEmpty() == (input == null)) {
            throw wrong(input == null
                    ? "there is nothing to read: give texts as arguments, --input FILE, or --input - for standard input"
                    : "give texts as arguments or --input, not both");
        }
        if (format() == ColumnFormat.LINES && (column != null || id != null)) {
            throw wrong((column != null ? "--column" : "--id") + " needs an input with columns; say which kind it is with"
                    + " --input-format jsonl, csv or tsv");
        }
        if (input == null && format != null) {
            throw wrong("--input-format says what an --input is; there is none");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private ColumnFormat format() {
        return format != null ? format : input == null ? ColumnFormat.LINES : ColumnFormat.ofName(input);
    }

    /// Whether the output repeats the text.
    public boolean withText() {
        return withText;
    }

    /// Whether the output repeats an id.
    public boolean withId() {
        return id != null;
    }

    /// Where the texts come from, for messages.
    public String name() {
        return input == null ? "the arguments" : isStandardInput() ? "standard input" : input;
    }

    /// What a text is called in a message: `text 3`, as its index in the output says, or `FILE: line 4`.
    public String name(long index, Lines.Line line) {
        return input == null ? "text " + index : name() + ": line " + line.number();
    }

    /// The same where the input is known: `text 3`, `line 4`.
    public String shortName(long index, Lines.Line line) {
        return input == null ? "text " + index : "line " + line.number();
    }

    private boolean isStandardInput() {
        return "-".equals(input);
    }

    /// Whether texts may come one by one, and want their answers before there are more.
    public boolean live() {
        return input != null && (isStandardInput() || !Files.isRegularFile(Path.of(input)));
    }

    /// How many texts there are, where that is cheap to find out; more if some of them have several lines.
    public OptionalLong count() throws IOException {
        if (input == null) {
            return OptionalLong.of(texts.size());
        }
        if (live()) {
            return OptionalLong.empty();
        }
        try (InputStream stream = file(input)) {
            long header = format() == ColumnFormat.CSV || format() == ColumnFormat.TSV ? 1 : 0;
            return OptionalLong.of(Math.max(0, Lines.count(stream) - header));
        }
    }

    /// Opens the texts for reading.
    public Lines open() throws IOException {
        check();
        if (input == null) {
            return Lines.of(texts);
        }
        InputStream stream = isStandardInput() ? InputBytes.of(new FilterInputStream(Streams.of(command).in()) {
            @Override
            public void close() {
                // Standard input is not ours to close.
            }
        }, name()) : file(input);
        return format().read(Lines.of(stream), new ColumnFormat.Wanted(column, id), name());
    }

    private static InputStream file(String input) throws IOException {
        return InputBytes.open(Path.of(input), "a file of texts, one on each line");
    }
}
