// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.EncoderModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the commands share that answer each text with a JSON object on a line of its own. Texts are read and answered in
/// blocks, so that a long input needs no more memory than a short one.
final class TextTask {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int BLOCK = 256;

    /// Opens a task of a model: what comes back answers texts, each with an object.
    interface Opener {
        Function<List<String>, List<ObjectNode>> open(EncoderModel model) throws IOException;
    }

    private TextTask() { }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /// Answers all texts of the input.
    ///
    /// @return the exit code
    static int run(CommandSpec spec, ModelOption model, TextInput input, Opener opener) throws IOException {
        input.check();
        PrintWriter out = spec.commandLine().getOut();
        try (EncoderModel opened = model.open(); Lines lines = input.open()) {
            Function<List<String>, List<ObjectNode>> task = opener.open(opened);
            long index = 0;
            for (List<String> block = block(lines, input, index); !block.isEmpty() && !out.checkError();
                    block = block(lines, input, index)) {
                for (ObjectNode answer : task.apply(block)) {
                    ObjectNode line = object().put("index", index++);
                    line.setAll(answer);
                    out.println(line);
                }
            }
        }
        return 0;
    }

    private static List<String> block(Lines lines, TextInput input, long from) throws IOException {
        List<String> block = new ArrayList<>();
        while (block.size() < BLOCK) {
            Lines.Line line = lines.next();
            if (line == null) {
                break;
            }
            if (line.problem() != null) {
                throw CommandFailed.input(input.name(from + block.size()) + " " + line.problem());
            }
            block.add(line.text());
        }
        return block;
    }

    /// A place in a text, from UTF-16 units to code points, as all commands count.
    static int codePoints(String text, int index) {
        return text.codePointCount(0, index);
    }
}
