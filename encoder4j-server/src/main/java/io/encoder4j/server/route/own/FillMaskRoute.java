// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.MaskFiller;
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
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/fill-mask`: tokens for masks.
public final class FillMaskRoute {

    private static final int MOST = 1000;

    private record Way(int topK, List<String> targets) { }

    private FillMaskRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/fill-mask"), "Gives the likeliest tokens for the masks of texts.", MaskFiller.TASK, Dialect.TEI,
                List.of(Field.required("inputs", FieldType.TEXTS, "A text with one mask or more, or several texts.").like("\"The [MASK] is red.\""),
                        Field.optional("top_k", FieldType.INTEGER, "How many tokens for each mask; 5 if left out."),
                        Field.optional("targets", FieldType.STRINGS, "The only words considered; all, if left out."),
                        OwnFields.TRUNCATE, Field.MODEL),
                OwnAnswer.of("For each mask of each text its tokens, the best first.",
                        "\"masks\":[[{\"token\":2269,\"token_str\":\"carpenter\",\"score\":0.09,\"sequence\":\"He is a carpenter.\"}]]",
                        Field.required("masks", FieldType.OBJECT_LISTS, "A list of tokens for each mask.",
                                Field.required("token", FieldType.INTEGER, "The token's id."),
                                Field.required("token_str", FieldType.STRING, "The token as text."),
                                Field.required("score", FieldType.NUMBER, "Its probability."),
                                Field.required("sequence", FieldType.STRING, "The text with it."))), FillMaskRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(MaskFiller.TASK);
        List<String> texts = OwnFields.texts(fields, "inputs");
        Way way = new Way(fields.integer("top_k", 1, MOST).orElse(5), fields.has("targets") ? fields.texts("targets") : List.of());
        List<MaskFiller.Filled> all = new Computing(call, model, Cutting.ofField(call, model), "inputs").run(
                Call.batches(model, "targets", way, () -> model.model().task(MaskFiller.TASK).shared(way.topK(), way.targets())),
                texts);
        return OwnAnswer.json(call, all, FillMaskRoute::write);
    }

    private static void write(JsonGenerator out, MaskFiller.Filled filled) {
        out.writeArrayPropertyStart("masks");
        for (List<MaskFiller.Filling> mask : filled.masks()) {
            out.writeStartArray();
            for (MaskFiller.Filling filling : mask) {
                out.writeStartObject();
                out.writeNumberProperty("token", filling.id());
                out.writeStringProperty("token_str", filling.token());
                OwnFields.number(out, "score", filling.score());
                out.writeStringProperty("sequence", filling.sequence());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndArray();
    }
}
