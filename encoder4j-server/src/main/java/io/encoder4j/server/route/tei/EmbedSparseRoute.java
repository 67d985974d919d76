// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.SparseEmbedder;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.SparseText;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.Inputs;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.SparseEmbedding;
import java.util.List;

/// `/embed_sparse`: weights over the vocabulary.
public final class EmbedSparseRoute {

    private record Way(boolean left) { }

    private EmbedSparseRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/embed_sparse"), "Turns texts into weights over the vocabulary (SPLADE).", SparseEmbedder.TASK,
                Dialect.TEI, List.of(TeiFields.INPUTS, TeiFields.TRUNCATE, TeiFields.DIRECTION, Field.MODEL),
                Route.Answer.like("For each input its weights that are not 0, by token id.", "[[{\"index\":1045,\"value\":0.71}]]"),
                EmbedSparseRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(SparseEmbedder.TASK);
        List<String> inputs = Inputs.texts(fields, "inputs", model.model().tokenizer());
        Cutting cutting = Cutting.of(fields, call, model);
        List<SparseEmbedding> all = new Computing(call, model, cutting, "inputs").run(
                Call.batches(model, "model", new Way(cutting.left()), () -> model.model().sparseEmbedder()
                        .withTruncationSide(cutting.side()).shared()), inputs);
        return Response.json(out -> {
            out.writeStartArray();
            all.forEach(one -> SparseText.write(out, one.vector()));
            out.writeEndArray();
        });
    }
}
