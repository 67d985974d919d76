// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.SharedBatches;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.json.Fields;
import io.encoder4j.sentence.Routes;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.util.Set;
import java.util.TreeSet;

/// Vectors of texts, for all routes that give them.
public final class Embedding {

    private Embedding() { }

    /// Forward passes that all requests with the same options share.
    ///
    /// @throws RequestFailure if the options do not fit the model
    public static SharedBatches<String, TextEmbedding> batches(ServedModel model, EmbedOptions options) {
        return Call.batches(model, "dimensions", options, () -> model.model().embedder(options).shared());
    }

    /// The number of dimensions that a request asks for; 0 for the folder's.
    public static int dimensions(Fields fields, ServedModel model) {
        int all = model.model().pipeline().dimensions(model.model().encoder().hiddenSize());
        return fields.integer("dimensions", 1, all).orElse(0);
    }

    /// The options with the prompt that a request names, if it names one.
    public static EmbedOptions withPrompt(EmbedOptions options, Fields fields, ServedModel model) {
        String name = fields.text("prompt_name").orElse(null);
        Set<String> names = new TreeSet<>(model.model().pipeline().prompts().keySet());
        if (name != null && !names.contains(name)) {
            throw fields.invalid("prompt_name", "must be one of the model's prompts; it has " + (names.isEmpty() ? "none"
                    : String.join(", ", names)));
        }
        return options.withPromptName(name);
    }

    /// The options with the route that a request names, in a folder with a Router.
    public static EmbedOptions withRoute(EmbedOptions options, Fields fields, ServedModel model) {
        String route = fields.text("route").orElse(null);
        Routes routes = model.model().routes().orElse(null);
        if (routes == null) {
            if (route != null) {
                throw fields.invalid("route", "is for models with a Router, which " + model.name() + " has not; leave it out");
            }
            return options;
        }
        if (routes.find(route).isEmpty()) {
            throw fields.invalid("route", (route == null ? "is missing, and the model has no default route" : "is no route of the model")
                    + "; there are: " + String.join(", ", routes.names()));
        }
        return options.withRoute(route);
    }
}
