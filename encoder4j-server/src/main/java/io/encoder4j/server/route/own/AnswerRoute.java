// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.QuestionAnswerer;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.AnswerOptions;
import io.encoder4j.task.TextPair;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/answer`: the parts of texts that answer a question. A long text is read in windows, so that nothing is cut.
public final class AnswerRoute {

    private static final int MOST = 100;

    private AnswerRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/answer"), "Finds the part of a text that answers a question.", QuestionAnswerer.TASK, Dialect.TEI,
                List.of(Field.required("question", FieldType.STRING, "The question.").like("\"Where was Ada born?\""),
                        Field.required("context", FieldType.TEXTS, "A text that holds the answer, or several.").like(
                                "\"Ada Lovelace was born in London.\""),
                        Field.optional("top_k", FieldType.INTEGER, "How many answers for each text; 1 if left out."),
                        Field.optional("max_answer_tokens", FieldType.INTEGER, "Tokens of the longest answer; 15 if left out."),
                        Field.optional("no_answer", FieldType.BOOLEAN, "Whether there may be none, told as an empty one."), Field.MODEL),
                OwnAnswer.of("The answers in each text, the best first.",
                        "\"answers\":[{\"answer\":\"in London\",\"score\":0.9,\"start\":9,\"end\":18}]",
                        Field.required("answers", FieldType.OBJECTS, "The answers, the best first.",
                                Field.required("answer", FieldType.STRING, "Its words; empty for no answer."),
                                Field.required("score", FieldType.NUMBER, "How likely it is."),
                                Field.required("start", FieldType.INTEGER, "Where it begins in the text, in code points."),
                                Field.required("end", FieldType.INTEGER, "Where it ends, exclusive."))), AnswerRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(QuestionAnswerer.TASK);
        String question = fields.requiredText("question");
        List<String> texts = OwnFields.texts(fields, "context");
        AnswerOptions usual = AnswerOptions.defaults();
        AnswerOptions options = new AnswerOptions(fields.integer("top_k", 1, MOST).orElse(usual.topK()),
                fields.integer("max_answer_tokens", 1, usual.maxTokens()).orElse(usual.maxAnswerTokens()), usual.maxTokens(),
                usual.stride(), fields.flag("no_answer", false));
        List<QuestionAnswerer.Answers> all = new Computing(call, model, Cutting.usual(call, model), "context").run(
                Call.batches(model, "question", options, () -> model.model().task(QuestionAnswerer.TASK).shared(options)),
                texts.stream().map(text -> new TextPair(question, text)).toList());
        return OwnAnswer.jsonOf(call, all, (out, i) -> write(out, texts.get(i), all.get(i)));
    }

    private static void write(JsonGenerator out, String text, QuestionAnswerer.Answers answers) {
        out.writeArrayPropertyStart("answers");
        answers.answers().forEach(answer -> {
            out.writeStartObject();
            out.writeStringProperty("answer", answer.text());
            OwnFields.number(out, "score", answer.score());
            OwnFields.place(out, text, answer.start(), answer.end());
            out.writeEndObject();
        });
        out.writeEndArray();
    }
}
