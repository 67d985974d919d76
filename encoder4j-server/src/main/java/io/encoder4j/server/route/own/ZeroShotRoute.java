// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.ZeroShotClassifier;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.Classification;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/zero-shot`: labels that the model never saw. A text is read once for each label.
public final class ZeroShotRoute {

    private static final int MOST_LABELS = 100;

    private record Way(List<String> labels, boolean multiLabel, String template) { }

    private ZeroShotRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/zero-shot"), "Chooses among labels that the model never saw.", ZeroShotClassifier.TASK, Dialect.TEI,
                List.of(OwnFields.INPUTS,
                        Field.required("labels", FieldType.STRINGS, "The labels to choose from.").like("[\"sports\",\"politics\"]"),
                        Field.optional("multi_label", FieldType.BOOLEAN, "Whether any number of labels may be right."),
                        Field.optional("template", FieldType.STRING, "A sentence with {} where the label goes.").like(
                                "\"This text is about {}.\""),
                        OwnFields.TRUNCATE, Field.MODEL),
                OwnAnswer.of("The labels of each text, the best first.", "\"labels\":[{\"label\":\"sports\",\"score\":0.9}]",
                        Field.required("labels", FieldType.OBJECTS, "The labels, the best first.",
                                Field.required("label", FieldType.STRING, "The label."),
                                Field.required("score", FieldType.NUMBER, "A probability."))), ZeroShotRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(ZeroShotClassifier.TASK);
        List<String> texts = OwnFields.texts(fields, "inputs");
        List<String> labels = fields.texts("labels");
        if (labels.isEmpty()) {
            throw RequestFailure.field(FailureKind.EMPTY_INPUT, "labels", "cannot be empty");
        }
        if (labels.size() > MOST_LABELS) {
            throw fields.invalid("labels", "has " + labels.size() + " labels; at most " + MOST_LABELS + " are allowed");
        }
        Way way = new Way(labels, fields.flag("multi_label", false), fields.text("template").orElse(ZeroShotClassifier.TEMPLATE));
        List<Classification> all = new Computing(call, model, Cutting.ofField(call, model), "inputs").run(
                Call.batches(model, "labels", way, () -> model.model().task(ZeroShotClassifier.TASK).shared(way.labels(),
                        way.multiLabel(), way.template())), texts);
        return OwnAnswer.json(call, all, ZeroShotRoute::write);
    }

    private static void write(JsonGenerator out, Classification classification) {
        out.writeArrayPropertyStart("labels");
        classification.labels().forEach(label -> {
            out.writeStartObject();
            out.writeStringProperty("label", label.label());
            OwnFields.number(out, "score", label.score());
            out.writeEndObject();
        });
        out.writeEndArray();
    }
}
