// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.Choice;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.cli.option.OutputOption;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.cli.task.Answering;
import io.encoder4j.cli.task.JsonSink;
import io.encoder4j.files.Printable;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.task.Counted;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import io.encoder4j.tokenizer.TokenizerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model sees of a text. Opens the tokenizer only, not the weights.
@Command(name = "tokenize", description = "Show the tokens of texts: ids, strings, segments and offsets.",
        footer = {"", "Offsets count code points, as Python does; those of added tokens are 0. Nothing is cut unless"
                + " --max-length is given."})
final class TokenizeCommand implements Callable<Integer> {

    enum Format {
        TABLE, JSONL;

        static final class ByName implements ITypeConverter<Format> {
            @Override
            public Format convert(String name) {
                return Choice.of(name, Format.values());
            }
        }
    }

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Option(names = "--pair", paramLabel = "TEXT", order = 2, description = "A second text that goes with each.")
    private @Nullable String pair;

    @Option(names = "--no-special", order = 3, description = "Without [CLS], [SEP] and their like.")
    private boolean noSpecial;

    @Option(names = "--max-length", paramLabel = "N", order = 7, converter = Numbers.Positive.class,
            description = "Tokens kept of a text, special ones included.")
    private int maxLength;

    @Option(names = {"-f", "--format"}, paramLabel = "table|jsonl", order = 30, converter = Format.ByName.class,
            description = "table (the default), or a JSON object for each text on a line.")
    private Format format = Format.TABLE;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        input.check();
        Path folder = model.folder();
        if (!Files.isDirectory(folder)) {
            throw CommandFailed.input(folder + ": there is no such folder");
        }
        Tokenizer tokenizer = Tokenizer.fromFolder(SentenceFolder.read(folder).transformer());
        EncodeOptions options = EncodeOptions.defaults().withAddSpecialTokens(!noSpecial);
        EncodeOptions cut = maxLength == 0 ? options : options.withTruncation(tokenizer.truncateTo(maxLength));
        Streams streams = Streams.of(spec);
        Answering<Tokens> answering;
        try (Lines lines = input.open(); Output file = output.open(streams, false);
                Progress progress = Progress.ofTexts(streams, "tokenize", input, output)) {
            answering = new Answering<>(texts -> texts.stream().map(text -> tokens(tokenizer, text, cut)).toList(),
                    new Printer(file), progress, 1);
            answering.all(input, lines);
            file.commit();
        }
        answering.report(streams);
        return 0;
    }

    private Tokens tokens(Tokenizer tokenizer, String text, EncodeOptions options) {
        try {
            return new Tokens(tokenizer.encode(text, pair, options), null);
        } catch (TokenizerException e) {
            return new Tokens(null, "cannot be tokenized: " + e.getMessage());
        }
    }

    /// The tokens of a text.
    ///
    /// @param problem why there are none, or null
    private record Tokens(@Nullable Encoding encoding, @Nullable String problem) implements Counted {

        Encoding all() {
            return Objects.requireNonNull(encoding);
        }

        @Override
        public int tokens() {
            return all().length();
        }

        @Override
        public boolean truncated() {
            return all().truncated();
        }
    }

    private final class Printer implements Answering.Sink<Tokens> {

        private final JsonSink json;
        private final Output output;

        Printer(Output output) {
            this.output = output;
            json = new JsonSink(input, output);
        }

        @Override
        public Counted counted(Tokens tokens) {
            return tokens;
        }

        @Override
        public @Nullable String problem(Tokens tokens) {
            return tokens.problem;
        }

        @Override
        public void answer(long index, Lines.Line line, Tokens tokens) throws IOException {
            int[][] offsets = tokens.all().codePointOffsets(line.text(), pair);
            if (format == Format.JSONL) {
                json.print(fields(json.begin(index, line), tokens.all(), offsets));
            } else {
                print((index == 0 ? "" : "\n") + table(tokens.all(), offsets));
            }
        }

        @Override
        public void problem(long index, Lines.Line line, String problem) throws IOException {
            if (format == Format.JSONL) {
                json.problem(index, line, problem);
            } else {
                print((index == 0 ? "" : "\n") + Printable.line(input.shortName(index, line) + " " + problem) + "\n");
            }
        }

        private void print(String text) throws IOException {
            output.stream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void flush() throws IOException {
            output.stream().flush();
        }
    }

    private static String table(Encoding encoding, int[][] offsets) {
        StringBuilder table = new StringBuilder(String.format("%5s %8s %4s %11s  %s\n", "", "id", "type", "offsets", "token"));
        for (int i = 0; i < encoding.length(); i++) {
            String place = encoding.sequenceIds()[i] < 0 ? "" : offsets[0][i] + "-" + offsets[1][i];
            table.append(String.format(Locale.ROOT, "%5d %8d %4d %11s  %s\n", i, encoding.ids()[i], encoding.typeIds()[i],
                    place, Printable.name(encoding.tokens().get(i))));
        }
        return table + (encoding.truncated() ? "cut: " + encoding.length() + " of " + encoding.untruncatedLength() + " tokens\n"
                : "");
    }

    private static ObjectNode fields(ObjectNode node, Encoding encoding, int[][] offsets) {
        node.put("truncated", encoding.truncated());
        ArrayNode ids = node.putArray("ids");
        ArrayNode tokens = node.putArray("tokens");
        ArrayNode typeIds = node.putArray("type_ids");
        ArrayNode special = node.putArray("special_tokens_mask");
        ArrayNode places = node.putArray("offsets");
        for (int i = 0; i < encoding.length(); i++) {
            ids.add(encoding.ids()[i]);
            tokens.add(encoding.tokens().get(i));
            typeIds.add(encoding.typeIds()[i]);
            special.add(encoding.specialTokensMask()[i] ? 1 : 0);
            places.addArray().add(offsets[0][i]).add(offsets[1][i]);
        }
        return node;
    }
}
