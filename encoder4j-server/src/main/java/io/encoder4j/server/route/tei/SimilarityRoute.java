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
import io.encoder4j.server.route.Route;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.util.ArrayList;
import java.util.List;

/// `/similarity`: cosines of a sentence and others.
public final class SimilarityRoute {

    private SimilarityRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/similarity"), "Compares a sentence with others: cosines.", Embedder.TASK, Dialect.TEI, List.of(
                Field.required("inputs", FieldType.OBJECT, "The sentences.",
                        Field.required("source_sentence", FieldType.STRING, "The sentence that is compared."),
                        Field.required("sentences", FieldType.STRINGS, "Those it is compared with.")),
                Field.optional("parameters", FieldType.OBJECT, "How the sentences are read.",
                        TeiFields.TRUNCATE, TeiFields.DIRECTION, TeiFields.PROMPT, Field.ROUTE), Field.MODEL),
                Route.Answer.like("A cosine for each sentence, in their order.", "[0.93,0.12]"), SimilarityRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields inputs = call.fields().object("inputs");
        Fields parameters = call.fields().object("parameters");
        ServedModel model = call.model(Embedder.TASK);
        List<String> sentences = new ArrayList<>(List.of(inputs.requiredText("source_sentence")));
        sentences.addAll(inputs.texts("sentences"));
        Cutting cutting = Cutting.of(parameters, call, model);
        EmbedOptions options = Embedding.withRoute(Embedding.withPrompt(EmbedOptions.defaults().withNormalize(true)
                .withTruncate(cutting.truncate()), parameters, model), parameters, model);
        List<TextEmbedding> vectors = new Computing(call, model, cutting, "inputs.sentences").asQuery().run(
                Embedding.batches(model, options), sentences);
        return Response.json(out -> {
            JsonText text = new JsonText(out);
            out.writeStartArray();
            vectors.stream().skip(1).forEach(vector -> text.number(vectors.getFirst().cosine(vector)));
            out.writeEndArray();
        });
    }
}
