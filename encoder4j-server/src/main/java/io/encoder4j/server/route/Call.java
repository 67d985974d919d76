// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.SharedBatches;
import io.encoder4j.Task;
import io.encoder4j.server.failure.RequestFailure;
import io.encoder4j.server.http.Request;
import io.encoder4j.server.json.Fields;
import io.encoder4j.server.metrics.Usage;
import io.encoder4j.server.model.ServedModel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A request on its way through a route.
public final class Call {

    private final Request request;
    private final Services services;
    private final Usage usage;
    private final Fields fields;
    private @Nullable ServedModel model;

    /// @param fields of the body, none of which is unknown
    public Call(Request request, Services services, Usage usage, Fields fields) {
        this.request = request;
        this.services = services;
        this.usage = usage;
        this.fields = fields;
    }

    /// What the client sent.
    public Request request() {
        return request;
    }

    /// What the server has.
    public Services services() {
        return services;
    }

    /// What it takes to answer.
    public Usage usage() {
        return usage;
    }

    /// The fields of the body.
    public Fields fields() {
        return fields;
    }

    /// The model that is asked for, by the field `model`, or else the first that does a task.
    ///
    /// @throws io.encoder4j.server.failure.RequestFailure if there is none
    public ServedModel model(Task<?> task) {
        ServedModel found = services.models().find(fields.text("model").filter(name -> !name.isEmpty()), task);
        model = found;
        return found;
    }

    /// The model that is asked for, whatever it does; the first, if none is.
    ///
    /// @throws io.encoder4j.server.failure.RequestFailure if there is none of that name
    public ServedModel anyModel() {
        ServedModel found = fields.text("model").filter(name -> !name.isEmpty()).map(services.models()::named)
                .orElseGet(() -> services.models().all().getFirst());
        model = found;
        return found;
    }

    /// Forward passes that all requests with the same options share.
    ///
    /// @param field that is to blame if the options do not fit the model
    /// @param key   tells options apart: a record of them, or of the task
    /// @throws RequestFailure if they do not fit
    public static <I, R> SharedBatches<I, R> batches(ServedModel model, String field, Object key, Supplier<SharedBatches<I, R>> make) {
        try {
            return model.way(key, make);
        } catch (IllegalArgumentException e) {
            throw RequestFailure.invalid(field, "does not fit the model: " + e.getMessage());
        }
    }

    /// The name of the model that answers; empty if none was asked for yet.
    public String modelName() {
        ServedModel found = model;
        return found == null ? "" : found.name();
    }
}
