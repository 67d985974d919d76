// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route.tei;

import io.encoder4j.Classifier;
import io.encoder4j.Embedder;
import io.encoder4j.Reranker;
import io.encoder4j.Task;
import io.encoder4j.sentence.Pooling;
import io.encoder4j.server.config.Limits;
import io.encoder4j.server.failure.Dialect;
import io.encoder4j.server.http.Response;
import io.encoder4j.server.model.ServedModel;
import io.encoder4j.server.route.Call;
import io.encoder4j.server.route.Route;
import io.encoder4j.server.route.Services;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/// `/info`: TEI's description of the first model and of the limits, and besides every model with its tasks.
public final class InfoRoute {

    private static final String EXAMPLE = """
            {"model_id":"all-MiniLM-L6-v2","model_sha":null,"model_dtype":"float32","served_model_name":"all-MiniLM-L6-v2",\
            "model_type":{"embedding":{"pooling":"mean"}},"max_concurrent_requests":512,"max_input_length":256,\
            "max_batch_tokens":256,"max_batch_requests":null,"max_client_batch_size":32,"auto_truncate":true,\
            "tokenization_workers":2,"version":"0.1.0","sha":null,"docker_label":null,"models":[{"name":"all-MiniLM-L6-v2",\
            "tasks":["embed"],"max_input_length":256,"dtype":"float32"}]}""";

    private InfoRoute() { }

    /// The route.
    public static Route route() {
        return Route.get(List.of("/info"), "Says what is served, and within which limits.", Route.Access.KEY, Dialect.TEI,
                Route.Answer.like("The first model as TEI describes one, then all.", EXAMPLE), InfoRoute::handle);
    }

    private static Response handle(Call call) {
        List<ServedModel> models = call.services().models().all();
        Limits limits = call.services().config().limits();
        return Response.json(out -> {
            ServedModel first = models.getFirst();
            out.writeStartObject();
            out.writeStringProperty("model_id", first.name());
            out.writeNullProperty("model_sha");
            out.writeStringProperty("model_dtype", first.model().precision());
            out.writeStringProperty("served_model_name", first.name());
            out.writeObjectPropertyStart("model_type");
            writeType(out, first);
            out.writeEndObject();
            out.writeNumberProperty("max_concurrent_requests", limits.concurrentInputs());
            out.writeNumberProperty("max_input_length", first.model().maxTokens());
            out.writeNumberProperty("max_batch_tokens", limits.batchTokens());
            out.writeNullProperty("max_batch_requests");
            out.writeNumberProperty("max_client_batch_size", limits.clientBatch());
            out.writeBooleanProperty("auto_truncate", limits.autoTruncate());
            out.writeNumberProperty("tokenization_workers", Runtime.getRuntime().availableProcessors());
            out.writeStringProperty("version", Services.VERSION);
            out.writeNullProperty("sha");
            out.writeNullProperty("docker_label");
            out.writeArrayPropertyStart("models");
            models.forEach(model -> write(out, model));
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void writeType(JsonGenerator out, ServedModel model) {
        if (model.can(Reranker.TASK)) {
            writeLabels(out, "reranker", model.model().task(Classifier.TASK).labels());
        } else if (model.can(Classifier.TASK)) {
            writeLabels(out, "classifier", model.model().task(Classifier.TASK).labels());
        } else if (model.can(Embedder.TASK)) {
            out.writeObjectPropertyStart("embedding");
            out.writeStringProperty("pooling", model.model().pipeline().poolings().stream().map(Pooling::id)
                    .collect(Collectors.joining("+")));
            out.writeEndObject();
        }
    }

    private static void writeLabels(JsonGenerator out, String type, List<String> labels) {
        out.writeObjectPropertyStart(type);
        out.writeObjectPropertyStart("id2label");
        for (int i = 0; i < labels.size(); i++) {
            out.writeStringProperty(Integer.toString(i), labels.get(i));
        }
        out.writeEndObject();
        out.writeObjectPropertyStart("label2id");
        for (int i = 0; i < labels.size(); i++) {
            out.writeNumberProperty(labels.get(i), i);
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, ServedModel model) {
        out.writeStartObject();
        out.writeStringProperty("name", model.name());
        out.writeArrayPropertyStart("tasks");
        model.tasks().stream().map(Task::name).forEach(out::writeString);
        out.writeEndArray();
        out.writeNumberProperty("max_input_length", model.model().maxTokens());
        out.writeStringProperty("dtype", model.model().precision());
        out.writeEndObject();
    }
}
