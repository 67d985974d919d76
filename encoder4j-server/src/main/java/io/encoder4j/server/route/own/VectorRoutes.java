// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.own;

import io.encoder4j.HybridEmbedder;
import io.encoder4j.MultiVectorEmbedder;
import io.encoder4j.SharedBatches;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.json.JsonText;
import io.encoder4j.server.json.SparseText;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Computing;
import io.encoder4j.server.route.Cutting;
import io.encoder4j.server.route.Field;
import io.encoder4j.server.route.FieldType;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.TokenVectors;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/multi-vector` and `/hybrid`: more than one vector for a text.
public final class VectorRoutes {

    private record Way(boolean query) { }

    private VectorRoutes() { }

    /// `/multi-vector`: ColBERT's.
    public static Route multiVector() {
        return Route.work(List.of("/multi-vector"), "Gives a vector for each token, for late interaction (ColBERT).",
                MultiVectorEmbedder.TASK, Dialect.TEI, List.of(OwnFields.INPUTS,
                        Field.choice("kind", "What the texts are.", "document", "query"), OwnFields.TRUNCATE, Field.MODEL),
                OwnAnswer.of("The vectors of each text.", "\"vectors\":[[0.1,0.2],[0.3,0.4]]",
                        Field.required("vectors", FieldType.VECTORS, "A vector for each token that has one, of length one.")),
                VectorRoutes::multiVector);
    }

    /// `/hybrid`: bge-m3's.
    public static Route hybrid() {
        return Route.work(List.of("/hybrid"), "Gives dense, sparse and token vectors in one pass (bge-m3).", HybridEmbedder.TASK,
                Dialect.TEI, List.of(OwnFields.INPUTS, OwnFields.TRUNCATE, Field.MODEL),
                OwnAnswer.of("The vectors of each text.",
                        "\"dense\":[0.1,0.2],\"sparse\":[{\"index\":7,\"value\":0.3}],\"vectors\":[[0.1,0.2]]",
                        Field.required("dense", FieldType.NUMBERS, "The text's vector, of length one."),
                        Field.required("sparse", FieldType.OBJECTS, "Weights of the text's tokens.",
                                Field.required("index", FieldType.INTEGER, "The token's id."),
                                Field.required("value", FieldType.NUMBER, "Its weight.")),
                        Field.required("vectors", FieldType.VECTORS, "A vector for each token but the first, of length one.")),
                VectorRoutes::hybrid);
    }

    private static Response multiVector(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(MultiVectorEmbedder.TASK);
        List<String> texts = OwnFields.texts(fields, "inputs");
        boolean query = fields.choice("kind", "document", "query", "document").equals("query");
        SharedBatches<String, TokenVectors> batches = Call.batches(model, "model", new Way(query), () -> {
            MultiVectorEmbedder embedder = model.model().task(MultiVectorEmbedder.TASK);
            return query ? embedder.sharedQueries() : embedder.sharedDocuments();
        });
        List<TokenVectors> all = new Computing(call, model, Cutting.ofField(call, model), "inputs").run(batches, texts);
        return OwnAnswer.json(call, all, VectorRoutes::write);
    }

    private static void write(JsonGenerator out, TokenVectors vectors) {
        out.writeName("vectors");
        new JsonText(out).vectors(vectors.vectors());
    }

    private static Response hybrid(Call call) throws InterruptedException {
        ServedModel model = call.model(HybridEmbedder.TASK);
        List<String> texts = OwnFields.texts(call.fields(), "inputs");
        List<HybridEmbedder.Hybrid> all = new Computing(call, model, Cutting.ofField(call, model), "inputs").run(
                Call.batches(model, "model", HybridEmbedder.TASK, () -> model.model().task(HybridEmbedder.TASK).shared()), texts);
        return OwnAnswer.json(call, all, (out, one) -> {
            out.writeName("dense");
            new JsonText(out).vector(one.dense());
            out.writeName("sparse");
            SparseText.write(out, one.sparse());
            write(out, one.tokenVectors());
        });
    }
}
