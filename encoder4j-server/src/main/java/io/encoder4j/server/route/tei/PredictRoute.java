// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.Classifier;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.Classification;
import io.encoder4j.task.ClassifyOptions;
import io.encoder4j.task.LabelScore;
import io.encoder4j.task.ScoreFunction;
import io.encoder4j.task.TextPair;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/predict`: labels of texts and pairs. Scores are what the folder's `problem_type` says; TEI applies a softmax whatever it says.
public final class PredictRoute {

    private static final String LABELS = "[{\"score\":0.98,\"label\":\"POSITIVE\"},{\"score\":0.02,\"label\":\"NEGATIVE\"}]";
    private static final Field[] FIELDS = {Field.required("score", FieldType.NUMBER, "A probability, or a logit."),
            Field.required("label", FieldType.STRING, "The label.")};

    private record Way(ClassifyOptions options, boolean left) { }

    private PredictRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/predict"), "Gives labels for texts or pairs of texts, by the model's problem_type.",
                Classifier.TASK, Dialect.TEI, List.of(
                        Field.required("inputs", FieldType.PAIRS,
                                "A text; a pair of texts, as a list of two; or a list of lists of one or two."),
                        TeiFields.TRUNCATE, TeiFields.DIRECTION,
                        Field.optional("raw_scores", FieldType.BOOLEAN, "Give the logits."), Field.MODEL),
                Route.Answer.list("The labels, the best first.", LABELS, FIELDS).or(
                        Route.Answer.like("For a list of lists a list of them.", "[" + LABELS + "]")), PredictRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(Classifier.TASK);
        boolean single = !(fields.raw("inputs") instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof List);
        List<TextPair> inputs = single ? List.of(single(fields)) : several(fields);
        ClassifyOptions options = new ClassifyOptions(fields.flag("raw_scores", false) ? ScoreFunction.NONE : null, 0,
                Double.NEGATIVE_INFINITY);
        Cutting cutting = Cutting.of(fields, call, model);
        List<Classification> all = new Computing(call, model, cutting, "inputs").run(Call.batches(model, "model",
                new Way(options, cutting.left()), () -> model.model().classifier()
                .withTruncationSide(cutting.side()).shared(options)), inputs);
        return Response.json(out -> {
            if (single) {
                write(out, all.getFirst());
            } else {
                out.writeStartArray();
                all.forEach(one -> write(out, one));
                out.writeEndArray();
            }
        });
    }

    private static TextPair single(Fields fields) {
        return switch (fields.raw("inputs")) {
            case String text -> TextPair.of(text);
            case List<?> list -> pair(fields, "inputs", list);
            case null -> throw fields.invalid("inputs", "is missing");
            case Object other -> throw fields.invalid("inputs", "must be a string or a list, not " + Fields.kind(other));
        };
    }

    private static List<TextPair> several(Fields fields) {
        List<?> list = (List<?>) fields.raw("inputs");
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; list != null && i < list.size(); i++) {
            if (!(list.get(i) instanceof List<?> one)) {
                throw fields.invalid("inputs[" + i + "]", "must be a list of one or two strings, not " + Fields.kind(list.get(i)));
            }
            pairs.add(pair(fields, "inputs[" + i + "]", one));
        }
        return pairs;
    }

    private static TextPair pair(Fields fields, String name, List<?> texts) {
        if (texts.isEmpty()) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, fields.name(name), "cannot be empty");
        }
        for (int i = 0; i < texts.size(); i++) {
            if (!(texts.get(i) instanceof String) || texts.size() > 2) {
                throw fields.invalid(name, "must be one or two strings; several inputs are a list of such lists");
            }
        }
        return new TextPair((String) texts.getFirst(), texts.size() == 2 ? (String) texts.get(1) : null);
    }

    private static void write(JsonGenerator out, Classification classification) {
        JsonText text = new JsonText(out);
        out.writeStartArray();
        for (LabelScore label : classification.labels()) {
            out.writeStartObject();
            out.writeName("score");
            text.number(label.score());
            out.writeStringProperty("label", label.label());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
