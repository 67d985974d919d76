// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.explain;

import io.encoder4j.explain.Explainer;
import io.encoder4j.explain.ExplanationJson;
import io.encoder4j.explain.Texts;
import io.encoder4j.explain.Tutorial;
import io.encoder4j.explain.TutorialJson;
import io.encoder4j.explain.data.Explanation;
import io.encoder4j.explain.data.Proofs;
import io.encoder4j.explain.data.Question;
import io.encoder4j.explain.data.Question.Part;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// `/explain.json`: what a model does with a text, step by step.
public final class ExplainRoutes {

    /// Explanations at once: each is computed by one thread, beside the models' queues.
    private static final int AT_ONCE = 2;
    /// Rows of each step that are computed again by hand while a client waits.
    private static final int CHECKED_ROWS = 16;
    /// The largest layer, head or token that may be asked for; what the model has is checked with the model.
    private static final int MOST = 1_000_000;

    private static final String EXAMPLE = """
            {"format":"encoder4j-explanation/1","model":{"name":"all-MiniLM-L6-v2","family":"bert","precision":"float32","layers":6,\
            "hidden":384,"heads":12},"request":{"layer":0,"head":0,"lang":"en"},"problems":[{"key":"unknown","text":"1 tokens are \
            unknown to the vocabulary."}],"differences":[{"key":"learnedPositions","text":"Positions: this model learned a table."}],\
            "tokens":[{"id":101,"text":"[CLS]","special":true,"segment":0,"sequence":-1,"start":0,"end":0}],"shown":[0],\
            "walk":[{"id":7,"role":"query","section":"attention","operation":"linear","name":"encoder.layer.0.attention.self.query",\
            "title":"Queries","why":"From X each token gets a query.","formula":"Q = X \\u00b7 W_Q\\u1d40 + b_Q"}],\
            "layers":[{"name":"encoder.layer.0"}]}""";

    private ExplainRoutes() { }

    /// The route.
    public static Route json() {
        Semaphore room = new Semaphore(AT_ONCE);
        return new Route("GET", List.of("/explain.json"), "Explains what a model does with a text: tokens, steps with their numbers,"
                + " attention. docs/server.md describes the answer.", Route.Access.WORK, null, Dialect.TEI, List.of(
                Field.optional("text", FieldType.STRING, "The text, of 512 tokens at most."),
                Field.optional("pair", FieldType.STRING, "A second text in the same sequence."),
                Field.optional("layer", FieldType.INTEGER, "The layer that is told in detail, from 0; 0 if left out.").like("0"),
                Field.optional("head", FieldType.INTEGER, "The head that is told in detail, from 0; 0 if left out.").like("0"),
                Field.optional("token", FieldType.INTEGER, "The token whose rows are exact, from 0; the first that is not special,"
                        + " if left out.").like("1"),
                Field.optional("key", FieldType.INTEGER, "The token that it looks at, for the arithmetic of one weight; the one it"
                        + " looks at most, if left out.").like("1"),
                Field.optional("mask", FieldType.INTEGER, "A token that is replaced by the mask token first.").like("1"),
                Field.optional("parts", FieldType.STRING, "What is wanted, with commas between: " + words()
                        + "; all but masking if left out.").like("\"walk,overview\""),
                Field.optional("tutorial", FieldType.BOOLEAN, "Give the tutorial's two proofs instead of a text's explanation.")
                        .like("false"), Field.choice("lang", "The language of titles and sentences.", Texts.LANGUAGES.toArray(String[]::new)), Field.MODEL),
                Route.Answer.like("The explanation; where the text is to blame, problems without a walk.", EXAMPLE),
                call -> handle(call, room));
    }

    private static String words() {
        return Arrays.stream(Part.values()).map(part -> part.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }

    private static Response handle(Call call, Semaphore room) {
        Fields fields = call.fields();
        String language = fields.choice("lang", Texts.LANGUAGES.getFirst(), Texts.LANGUAGES.toArray(String[]::new));
        Question question = new Question(fields.text("text").orElse(""), fields.text("pair").filter(text -> !text.isEmpty()).orElse(null),
                fields.integer("layer", 0, MOST).orElse(0), fields.integer("head", 0, MOST).orElse(0),
                fields.integer("token", 0, MOST).orElse(-1), fields.integer("key", 0, MOST).orElse(-1),
                fields.integer("mask", 0, MOST).orElse(-1), parts(fields), CHECKED_ROWS);
        ServedModel model = call.anyModel();
        if (fields.flag("tutorial", false)) {
            return tutorial(model, language);
        }
        call.services().metrics().begun("single");
        if (!room.tryAcquire()) {
            throw RequestFailure.overloaded("the server already explains " + AT_ONCE + " texts", 1);
        }
        try {
            call.services().admission().take(1);
            try {
                Explanation explanation = new Explainer(model.model(), model.name()).explain(question);
                call.usage().input(question.text().length(), explanation.tokens().size(), 0);
                return Response.json(out -> ExplanationJson.write(out, explanation, language));
            } finally {
                call.services().admission().give(1);
            }
        } finally {
            room.release();
        }
    }

    private static Response tutorial(ServedModel model, String language) {
        try {
            Proofs proofs = Tutorial.proofs(null, model.model().options());
            return Response.json(out -> TutorialJson.write(out, proofs, language));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Part> parts(Fields fields) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String word : fields.text("parts").filter(text -> !text.isEmpty()).map(text -> text.split(",")).orElse(new String[0])) {
            parts.add(Arrays.stream(Part.values()).filter(part -> part.name().equalsIgnoreCase(word.strip())).findFirst()
                    .orElseThrow(() -> fields.invalid("parts", "has '" + word + "'; there are: " + words())));
        }
        return parts.isEmpty() ? Part.USUAL : parts;
    }
}
