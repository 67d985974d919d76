// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.Embedder;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Embedding;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Inputs;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.util.List;

/// `/embed`: vectors, and nothing else.
public final class EmbedRoute {

    private EmbedRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/embed"), "Turns texts into vectors.", Embedder.TASK, Dialect.TEI, List.of(
                TeiFields.INPUTS, TeiFields.TRUNCATE, TeiFields.DIRECTION, TeiFields.PROMPT, Field.ROUTE,
                Field.optional("normalize", FieldType.BOOLEAN, "Whether vectors get length one; true if it is left out."),
                Field.optional("dimensions", FieldType.INTEGER, "How many of the first dimensions are kept.").like("8"),
                Field.MODEL),
                Route.Answer.like("A vector for each input, in their order.", "[[0.1,0.2]]"), EmbedRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(Embedder.TASK);
        List<String> inputs = Inputs.texts(fields, "inputs", model.model().tokenizer());
        Cutting cutting = Cutting.of(fields, call, model);
        EmbedOptions options = Embedding.withRoute(Embedding.withPrompt(EmbedOptions.defaults().withNormalize(fields.flag("normalize", true))
                .withDimensions(Embedding.dimensions(fields, model)).withTruncate(cutting.truncate()), fields, model), fields, model);
        List<TextEmbedding> vectors = new Computing(call, model, cutting, "inputs").run(Embedding.batches(model, options), inputs);
        return Response.json(out -> {
            JsonText text = new JsonText(out);
            out.writeStartArray();
            vectors.forEach(vector -> text.vector(vector.vector()));
            out.writeEndArray();
        });
    }
}
