// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.EncoderModel;
import io.encoder4j.cli.JsonOutput;
import io.encoder4j.cli.Output;
import io.encoder4j.cli.Progress;
import io.encoder4j.cli.Streams;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.ModelOption;
import io.encoder4j.cli.option.OutputOption;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.task.Counted;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// What the commands share that answer each text with a JSON object on a line of its own: texts, model, output. A mixin.
public final class TextTask {

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Mixin
    private OutputOption output;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// The answer to a text.
    ///
    /// @param fields  of the JSON object
    /// @param problem why there is none, or null
    record Answer(ObjectNode fields, Counted counted, @Nullable String problem) {

        static Answer of(ObjectNode fields, Counted counted) {
            return new Answer(fields, counted, null);
        }
    }

    /// Opens a task of a model.
    interface Opener<R> {
        Answering.Task<R> open(EncoderModel model) throws IOException;
    }

    /// For picocli.
    TextTask() { }

    static ObjectNode object() {
        return JsonOutput.object();
    }

    TextInput input() {
        return input;
    }

    /// Answers all texts of the input.
    ///
    /// @param kind      what the model has to be, for who names none
    /// @param maxLength tokens that texts are cut to, or 0 for the model's own limit
    /// @return the exit code
    int run(String kind, int maxLength, Opener<Answer> opener) throws IOException {
        return run(kind, maxLength, opener, file -> new JsonSink(input, file));
    }

    /// The same, with answers and a place for them of the command's own.
    <R> int run(String kind, int maxLength, Opener<R> opener, Function<Output, Answering.Sink<R>> sinkOf) throws IOException {
        input.in(command);
        model.in(command);
        input.check();
        model.need(kind);
        Streams streams = Streams.of(command);
        Answering<R> answering;
        try (Lines lines = input.open(); EncoderModel opened = model.open(maxLength);
                Output file = output.open(streams, false);
                Progress progress = Progress.ofTexts(streams, command.name(), input, output)) {
            answering = new Answering<>(opener.open(opened), sinkOf.apply(file), progress, opened.options().threads());
            answering.all(input, lines);
            file.commit();
        }
        answering.report(streams);
        return 0;
    }

    /// A place in a text, from UTF-16 units to code points, as all commands count.
    static int codePoints(String text, int index) {
        return text.codePointCount(0, index);
    }
}
