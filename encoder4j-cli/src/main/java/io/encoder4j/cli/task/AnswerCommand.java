// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.task;

import io.encoder4j.QuestionAnswerer;
import io.encoder4j.cli.option.LengthOption;
import io.encoder4j.cli.option.Numbers;
import io.encoder4j.task.AnswerOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// Answers that stand in a text.
@Command(name = "answer", description = "Find the part of a text that answers a question: a JSON object for each text on a line.",
        footer = {"", "start and end count code points, as Python does. A long text is read in windows that overlap."})
public final class AnswerCommand implements Callable<Integer> {

    private static final int STRIDE = 128;

    @Parameters(index = "0", paramLabel = "QUESTION", description = "What is asked.")
    private String question = "";

    @Mixin
    private TextTask task;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 2, converter = Numbers.Positive.class,
            description = "The largest number of answers (${DEFAULT-VALUE}).")
    private int topK = 1;

    @Option(names = "--no-answer", order = 3, description = "Allow the answer that the text has none.")
    private boolean noAnswer;

    @Option(names = "--max-answer-tokens", paramLabel = "N", order = 4, converter = Numbers.Positive.class,
            description = "Tokens of the longest answer (${DEFAULT-VALUE}).")
    private int maxAnswerTokens = 15;

    @Option(names = "--max-length", paramLabel = "N", order = 5, converter = Numbers.Positive.class,
            description = "Tokens of a window, question included (${DEFAULT-VALUE}, or what the model takes).")
    private int maxLength = 384;

    @Option(names = "--stride", paramLabel = "N", order = 6, converter = Numbers.Positive.class,
            description = "Windows overlap by this many tokens (" + STRIDE + ", or half a window).")
    private @Nullable Integer stride;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        task.input().skipFirst();
        return task.run("a question answering model", 0, opened -> {
            QuestionAnswerer answerer = opened.questionAnswerer();
            LengthOption.checkStride(spec, stride, Math.min(maxLength, opened.maxTokens()));
            var options = new AnswerOptions(topK, maxAnswerTokens, maxLength, stride == null ? STRIDE : stride, noAnswer);
            return texts -> {
                List<QuestionAnswerer.Answers> found = answerer.answer(question, texts, options);
                return IntStream.range(0, texts.size()).mapToObj(i ->
                        TextTask.Answer.of(json(texts.get(i), found.get(i).answers()), found.get(i))).toList();
            };
        });
    }

    private static ObjectNode json(String text, List<QuestionAnswerer.Answer> answers) {
        ObjectNode node = TextTask.object();
        var array = node.putArray("answers");
        answers.forEach(answer -> array.addObject().put("answer", answer.text()).put("score", answer.score())
                .put("start", TextTask.codePoints(text, answer.start())).put("end", TextTask.codePoints(text, answer.end())));
        return node;
    }
}
