// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.model;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.Task;
import io.encoder4j.models.Models;
import io.encoder4j.server.batching.BatchListener;
import io.encoder4j.server.batching.ModelQueue;
import io.encoder4j.server.config.ModelSource;
import io.encoder4j.server.config.ServerConfig;
import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The models that are served. They are opened together, before anything is served.
public final class ServedModels implements AutoCloseable {

    private final List<ServedModel> models;

    private ServedModels(List<ServedModel> models) {
        this.models = List.copyOf(models);
    }

    /// Opens the models.
    ///
    /// @param names    finds them
    /// @param listener is told of their batches
    /// @throws StartFailure naming every model that cannot be opened, and why
    public static ServedModels open(ServerConfig config, Models names, BatchListener listener) {
        List<ServedModel> opened = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (ModelSource source : config.models()) {
            try {
                opened.add(open(source, config, names, listener));
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                problems.add("model " + source.name() + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            opened.forEach(ServedModel::close);
            throw new StartFailure(problems);
        }
        return new ServedModels(opened);
    }

    private static ServedModel open(ModelSource source, ServerConfig config, Models names, BatchListener listener)
            throws IOException {
        ModelOptions options = config.options().withTokensPerBatch(config.limits().batchTokens())
                .withMaxTokens(config.limits().inputTokens());
        // One pass for each lane, and one for the lane of short requests.
        options = options.passes() == 0 ? options.withPasses(options.threads() + 1) : options;
        String place = source.place();
        EncoderModel model = place == null ? names.openDefault(options) : names.open(place, options);
        return new ServedModel(source.name(), model, new ModelQueue(source.name(), options.threads(),
                options.tokensPerBatch(), config.limits().requestsBefore(), listener));
    }

    /// All of them, in the order in which they were named.
    public List<ServedModel> all() {
        return models;
    }

    /// The model that a request asks for.
    ///
    /// @param name as the request has it; empty for the first that does the task
    /// @throws RequestFailure 404 if there is no such model; 424, as TEI answers, if it, or every one, cannot do the task
    public ServedModel find(Optional<String> name, Task<?> task) {
        if (name.isEmpty()) {
            return models.stream().filter(model -> model.can(task)).findFirst().orElseThrow(() -> RequestFailure.of(
                    FailureKind.WRONG_TASK, "no model here gives " + task.purpose() + " (" + task.name() + "); there are: "
                            + described()));
        }
        ServedModel found = named(name.get());
        if (!found.can(task)) {
            throw RequestFailure.of(FailureKind.WRONG_TASK, "the model " + found.name() + " does not give " + task.purpose()
                    + " (" + task.name() + "); there are: " + described());
        }
        return found;
    }

    /// The model of a name.
    ///
    /// @throws RequestFailure 404 if there is none
    public ServedModel named(String name) {
        return models.stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow(() ->
                RequestFailure.field(FailureKind.MODEL_NOT_FOUND, "model", "is none that is served; there are: "
                        + models.stream().map(ServedModel::name).collect(Collectors.joining(", "))));
    }

    private String described() {
        return models.stream().map(model -> model.name() + " (" + model.tasks().stream().map(Task::name)
                .collect(Collectors.joining(", ")) + ")").collect(Collectors.joining(", "));
    }

    /// Computes what waits, and frees all models.
    @Override
    public void close() {
        models.forEach(ServedModel::close);
    }
}
