// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The texts of a command: its arguments, or the lines of a file or of standard input. A mixin.
final class TextInput {

    @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts, one for each argument.")
    private List<String> texts = List.of();

    @Option(names = {"-i", "--input"}, paramLabel = "FILE|-", order = 0,
            description = "Read texts from a UTF-8 file, or with - from standard input, one on each line; an empty line is"
                    + " an empty text.")
    private @Nullable String input;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// Leaves the first argument to the command, which has a parameter of its own before the texts; picocli gives it to both.
    void skipFirst() {
        texts = texts.subList(Math.min(1, texts.size()), texts.size());
    }

    /// @throws ParameterException unless there are either texts or an input
    void check() {
        if (texts.isEmpty() == (input == null)) {
            throw new ParameterException(command.commandLine(), input == null
                    ? "there is nothing to read: give texts as arguments, --input FILE, or --input - for standard input"
                    : "give texts as arguments or --input, not both");
        }
    }

    /// Where the texts come from, for messages.
    String name() {
        return input == null ? "the arguments" : input.equals("-") ? "standard input" : input;
    }

    /// What a text is called in a message: `text 3`, as its index in the output says, or `FILE: line 4`.
    String name(long index) {
        return input == null ? "text " + index : name() + ": line " + (index + 1);
    }

    /// How many texts there are, where that is cheap to find out.
    OptionalLong count() throws IOException {
        if (input == null) {
            return OptionalLong.of(texts.size());
        }
        Path file = Path.of(input);
        if (input.equals("-") || !Files.isRegularFile(file)) {
            return OptionalLong.empty();
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return OptionalLong.of(Lines.count(stream));
        }
    }

    /// Opens the texts for reading.
    Lines open() throws IOException {
        check();
        if (input == null) {
            return Lines.of(texts);
        }
        if (input.equals("-")) {
            // Standard input is not ours to close.
            return Lines.of(new FilterInputStream(Streams.of(command).in()) {
                @Override
                public void close() { }
            });
        }
        Path file = Path.of(input);
        if (Files.isDirectory(file)) {
            throw CommandFailed.input(input + ": is a folder; expected a file of texts, one on each line");
        }
        return Lines.of(Files.newInputStream(file));
    }

    /// All texts at once, for commands whose inputs are few.
    ///
    /// @throws CommandFailed naming the line that is no text
    List<String> all() throws IOException {
        List<String> all = new ArrayList<>();
        try (Lines lines = open()) {
            for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.problem() != null) {
                    throw CommandFailed.input(name(all.size()) + " " + line.problem());
                }
                all.add(line.text());
            }
        }
        if (all.isEmpty()) {
            throw CommandFailed.input("there are no texts in " + name());
        }
        return all;
    }
}
