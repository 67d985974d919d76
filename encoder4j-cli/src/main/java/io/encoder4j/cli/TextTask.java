// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.Counted;
import io.encoder4j.EncoderModel;
import io.encoder4j.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    /// What became of a text.
    ///
    /// @param result  null if there is none
    /// @param problem why, to be read after the text's name: `has 700 tokens, …`; null if there is a result
    record Answered<R>(@Nullable R result, @Nullable String problem) {

        /// Asks a task for all texts. The texts that it names as having no answer are left out and it is asked for the others, whose
        /// results are the same in any company.
        static <R> List<Answered<R>> all(List<String> texts, Function<List<String>, List<R>> task) {
            List<Answered<R>> all = new ArrayList<>(Collections.nCopies(texts.size(), null));
            List<Integer> left = new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
            while (!left.isEmpty()) {
                try {
                    List<R> results = task.apply(left.stream().map(texts::get).toList());
                    for (int i = 0; i < results.size(); i++) {
                        all.set(left.get(i), new Answered<>(results.get(i), null));
                    }
                    return all;
                } catch (InputException e) {
                    for (InputException.Problem problem : e.problems().reversed()) {
                        all.set(left.remove(problem.index()), new Answered<>(null, problem.detail()));
                    }
                }
            }
            return all;
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /// An object that says how much of its text the model read.
    static ObjectNode object(Counted result) {
        return object().put("tokens", result.tokens()).put("truncated", result.truncated());
    }

    /// Answers all texts of the input. A text that has no answer gets an object with an `error` in its place.
    ///
    /// @return the exit code
    /// @throws CommandFailed if a text has no answer, once the others have theirs
    static int run(CommandSpec spec, ModelOption model, TextInput input, Opener opener) throws IOException {
        input.check();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        long count = 0;
        long bad = 0;
        long cut = 0;
        try (EncoderModel opened = model.open(); Lines lines = input.open()) {
            Function<List<String>, List<ObjectNode>> task = opener.open(opened);
            for (List<Lines.Line> block = block(lines); !block.isEmpty() && !out.checkError(); block = block(lines)) {
                for (ObjectNode answer : answers(block, task)) {
                    if (answer.has("error")) {
                        bad++;
                        err.println("encoder4j: " + input.name(count) + " " + answer.get("error").asString());
                    }
                    cut += answer.path("truncated").asBoolean(false) ? 1 : 0;
                    ObjectNode line = object().put("index", count++);
                    line.setAll(answer);
                    out.println(line);
                }
            }
        }
        if (cut > 0) {
            err.println("encoder4j: " + cut + " of " + count
                    + " texts have more tokens than the model takes and were cut");
        }
        if (bad > 0) {
            throw CommandFailed.input(bad + " of " + count + " texts have no answer");
        }
        return 0;
    }

    private static List<ObjectNode> answers(List<Lines.Line> lines, Function<List<String>, List<ObjectNode>> task) {
        Iterator<Answered<ObjectNode>> answers = Answered.all(
                lines.stream().filter(line -> line.problem() == null).map(Lines.Line::text).toList(), task).iterator();
        return lines.stream().map(line -> {
            Answered<ObjectNode> answer = line.problem() == null ? answers.next() : new Answered<ObjectNode>(null, line.problem());
            ObjectNode node = answer.result();
            return node == null ? object().put("error", answer.problem()) : node;
        }).toList();
    }

    private static List<Lines.Line> block(Lines lines) throws IOException {
        List<Lines.Line> block = new ArrayList<>();
        while (block.size() < BLOCK) {
            Lines.Line line = lines.next();
            if (line == null) {
                break;
            }
            block.add(line);
        }
        return block;
    }

    /// A place in a text, from UTF-16 units to code points, as all commands count.
    static int codePoints(String text, int index) {
        return text.codePointCount(0, index);
    }
}
