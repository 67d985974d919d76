// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.cli.JsonOutput;
import io.encoder4j.cli.Output;
import io.encoder4j.cli.input.Lines;
import io.encoder4j.cli.option.TextInput;
import io.encoder4j.task.Counted;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes answers as JSON objects, one on each line, each with the text's index, and its id and text if they were asked for.
public final class JsonSink implements Answering.Sink<TextTask.Answer> {

    private final TextInput input;
    private final Output output;

    /// @param input which knows whether ids and texts are wanted
    public JsonSink(TextInput input, Output output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public Counted counted(TextTask.Answer answer) {
        return answer.counted();
    }

    @Override
    public @Nullable String problem(TextTask.Answer answer) {
        return answer.problem();
    }

    @Override
    public void answer(long index, Lines.Line line, TextTask.Answer answer) throws IOException {
        ObjectNode node = begin(index, line);
        if (!answer.fields().has("tokens")) {
            // Where the answer lists the tokens themselves, they need not be counted.
            node.put("tokens", answer.counted().tokens());
        }
        node.put("truncated", answer.counted().truncated());
        node.setAll(answer.fields());
        print(node);
    }

    @Override
    public void problem(long index, Lines.Line line, String problem) throws IOException {
        print(error(index, line, problem));
    }

    /// An object that says which text it is of.
    public ObjectNode begin(long index, Lines.Line line) {
        ObjectNode node = TextTask.object().put("index", index);
        if (line.id() != null) {
            if (line.id().number()) {
                node.put("id", new BigDecimal(line.id().text()));
            } else {
                node.put("id", line.id().text());
            }
        }
        return input.withText() && line.problem() == null ? node.put("text", line.text()) : node;
    }

    /// What stands in the place of an answer that there is not.
    public ObjectNode error(long index, Lines.Line line, String problem) {
        return begin(index, line).put("error", input.shortName(index, line) + " " + problem);
    }

    /// Writes an object on a line.
    public void print(ObjectNode node) throws IOException {
        output.stream().write((JsonOutput.line(node) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void flush() throws IOException {
        output.stream().flush();
    }
}
