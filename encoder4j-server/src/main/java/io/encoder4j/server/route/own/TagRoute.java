// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.TokenClassifier;
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
import io.encoder4j.task.TagOptions;
import io.encoder4j.task.Tagging;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/// `/tag`: named entities, and whatever else a token classifier finds. A long text is read in windows, so that nothing is cut.
public final class TagRoute {

    private TagRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/tag"), "Labels parts of texts, such as names of people and places.", TokenClassifier.TASK,
                Dialect.TEI, List.of(OwnFields.INPUTS,
                        Field.choice("aggregation", "How tokens become entities.", "simple", "none", "first", "average", "max"),
                        Field.optional("threshold", FieldType.NUMBER, "Entities with smaller scores are left out; 0 if left out."),
                        Field.optional("ignore_labels", FieldType.STRINGS, "Labels that are left out; O if left out.").like("[\"O\"]"), Field.MODEL),
                OwnAnswer.of("The entities of each text.",
                        "\"entities\":[{\"label\":\"LOC\",\"score\":0.99,\"word\":\"London\",\"start\":10,\"end\":16}]",
                        Field.required("entities", FieldType.OBJECTS, "The entities, in the text's order.",
                                Field.required("label", FieldType.STRING, "What it is."),
                                Field.required("score", FieldType.NUMBER, "A probability."),
                                Field.required("word", FieldType.STRING, "Its tokens, joined."),
                                Field.required("start", FieldType.INTEGER, "Where it begins in the text, in code points."),
                                Field.required("end", FieldType.INTEGER, "Where it ends, exclusive."))), TagRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(TokenClassifier.TASK);
        List<String> texts = OwnFields.texts(fields, "inputs");
        TagOptions usual = TagOptions.defaults();
        TagOptions options = new TagOptions(TagOptions.Aggregation.valueOf(fields.choice("aggregation", "simple", "none", "simple",
                "first", "average", "max").toUpperCase(Locale.ROOT)), fields.has("ignore_labels")
                ? Set.copyOf(fields.texts("ignore_labels")) : usual.ignoreLabels(), fields.number("threshold", 0, 0, 1), usual.stride());
        List<Tagging> all = new Computing(call, model, Cutting.usual(call, model), "inputs").run(
                Call.batches(model, "model", options, () -> model.model().task(TokenClassifier.TASK).shared(options)), texts);
        return OwnAnswer.jsonOf(call, all, (out, i) -> write(out, texts.get(i), all.get(i)));
    }

    private static void write(JsonGenerator out, String text, Tagging tagging) {
        out.writeArrayPropertyStart("entities");
        tagging.entities().forEach(entity -> {
            out.writeStartObject();
            out.writeStringProperty("label", entity.label());
            OwnFields.number(out, "score", entity.score());
            out.writeStringProperty("word", entity.word());
            OwnFields.place(out, text, entity.start(), entity.end());
            out.writeEndObject();
        });
        out.writeEndArray();
    }
}
