// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.Embedder;
import io.encoder4j.SharedBatches;
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
import io.encoder4j.server.route.Inputs;
import io.encoder4j.server.route.Route;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TokenVectors;
import java.util.List;

/// `/embed_all`: the encoder's vector of every token, before pooling.
public final class EmbedAllRoute {

    /// Tells these passes apart from those of `/embed` with the same options.
    private record Tokens(EmbedOptions options) { }

    private EmbedAllRoute() { }

    /// The route.
    public static Route route() {
        return Route.work(List.of("/embed_all"), "Gives the vector of every token, before pooling.", Embedder.TASK, Dialect.TEI,
                List.of(TeiFields.INPUTS, TeiFields.TRUNCATE, TeiFields.DIRECTION, TeiFields.PROMPT, Field.ROUTE, Field.MODEL),
                Route.Answer.like("For each input a vector for each of its tokens, special ones included.", "[[[0.1,0.2],[0.3,0.4]]]"),
                EmbedAllRoute::handle);
    }

    private static Response handle(Call call) throws InterruptedException {
        Fields fields = call.fields();
        ServedModel model = call.model(Embedder.TASK);
        List<String> inputs = Inputs.texts(fields, "inputs", model.model().tokenizer());
        Cutting cutting = Cutting.of(fields, call, model);
        EmbedOptions options = Embedding.withRoute(Embedding.withPrompt(EmbedOptions.defaults().withTruncate(cutting.truncate()), fields, model), fields, model);
        SharedBatches<String, TokenVectors> batches = Call.batches(model, "prompt_name", new Tokens(options), () ->
                model.model().embedder(options).sharedTokens());
        List<TokenVectors> all = new Computing(call, model, cutting, "inputs").run(batches, inputs);
        return Response.json(out -> {
            JsonText text = new JsonText(out);
            out.writeStartArray();
            all.forEach(tokens -> text.vectors(tokens.vectors()));
            out.writeEndArray();
        });
    }
}
