// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.ReplacedTokenDetector;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/replaced`: tokens that look as if another had stood there.
public final class ReplacedRoute {

    private ReplacedRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/replaced"), "Says which tokens look replaced (ELECTRA's discriminator).",
                ReplacedTokenDetector.TASK, Dialect.TEI, List.of(OwnFields.INPUTS, OwnFields.TRUNCATE, Field.MODEL),
                OwnAnswer.of("The tokens of each text.", "\"judged\":[{\"token\":\"ate\",\"replaced\":0.9,\"start\":4,\"end\":7}]",
                        Field.required("judged", FieldType.OBJECTS, "The tokens, in the text's order.",
                                Field.required("token", FieldType.STRING, "The token as the vocabulary writes it."),
                                Field.required("replaced", FieldType.NUMBER, "The probability that another stood there."),
                                Field.required("start", FieldType.INTEGER, "Where it begins in the text, in code points."),
                                Field.required("end", FieldType.INTEGER, "Where it ends, exclusive."))), ReplacedRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        ServedModel model = call.model(ReplacedTokenDetector.TASK);
        List<String> texts = OwnFields.texts(call.fields(), "inputs");
        List<ReplacedTokenDetector.Judgement> all = new Computing(call, model, Cutting.ofField(call, model), "inputs").run(
                Call.batches(model, "model", ReplacedTokenDetector.TASK, () ->
                        model.model().task(ReplacedTokenDetector.TASK).shared()), texts);
        return OwnAnswer.jsonOf(call, all, (out, i) -> write(out, texts.get(i), all.get(i)));
    }

    private static void write(JsonGenerator out, String text, ReplacedTokenDetector.Judgement judgement) {
        out.writeArrayPropertyStart("judged");
        judgement.judged().forEach(judged -> {
            out.writeStartObject();
            out.writeStringProperty("token", judged.token());
            OwnFields.number(out, "replaced", judged.replaced());
            OwnFields.place(out, text, judged.start(), judged.end());
            out.writeEndObject();
        });
        out.writeEndArray();
    }
}
