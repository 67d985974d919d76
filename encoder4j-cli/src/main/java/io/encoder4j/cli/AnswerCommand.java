// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.AnswerOptions;
import io.encoder4j.QuestionAnswerer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
final class AnswerCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "QUESTION", description = "What is asked.")
    private String question = "";

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Option(names = {"-k", "--top-k"}, paramLabel = "N", order = 2, converter = EmbedOptionsMixin.Positive.class,
            description = "Answers given at most (${DEFAULT-VALUE}).")
    private int topK = 1;

    @Option(names = "--no-answer", order = 3, description = "Let an empty answer, that there is none, compete.")
    private boolean noAnswer;

    @Option(names = "--max-answer-tokens", paramLabel = "N", order = 4, converter = EmbedOptionsMixin.Positive.class,
            description = "Tokens of the longest answer (${DEFAULT-VALUE}).")
    private int maxAnswerTokens = 15;

    @Option(names = "--max-length", paramLabel = "N", order = 5, converter = EmbedOptionsMixin.Positive.class,
            description = "Tokens of a window, question included (${DEFAULT-VALUE}, or what the model takes).")
    private int maxLength = 384;

    @Option(names = "--stride", paramLabel = "N", order = 6, converter = EmbedOptionsMixin.Positive.class,
            description = "Tokens by which windows overlap (${DEFAULT-VALUE}).")
    private int stride = 128;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        input.skipFirst();
        var options = new AnswerOptions(topK, maxAnswerTokens, maxLength, stride, noAnswer);
        return TextTask.run(spec, model, input, opened -> {
            QuestionAnswerer answerer = opened.questionAnswerer();
            return texts -> {
                List<QuestionAnswerer.Answers> answers = answerer.answer(question, texts, options);
                return IntStream.range(0, texts.size()).mapToObj(i -> json(texts.get(i), answers.get(i))).toList();
            };
        });
    }

    private static ObjectNode json(String text, QuestionAnswerer.Answers answers) {
        ObjectNode node = TextTask.object(answers);
        var array = node.putArray("answers");
        answers.answers().forEach(answer -> array.addObject().put("answer", answer.text()).put("score", answer.score())
                .put("start", TextTask.codePoints(text, answer.start())).put("end", TextTask.codePoints(text, answer.end())));
        return node;
    }
}
