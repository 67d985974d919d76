// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.model;

import io.encoder4j.Ability;
import io.encoder4j.EncoderModel;
import io.encoder4j.SharedBatches;
import io.encoder4j.Task;
import io.encoder4j.server.batching.ModelQueue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A model that is served: its tasks, and its queue.
public final class ServedModel implements AutoCloseable {

    /// Ways to ask that are kept at once. Clients choose dimensions and prompts, so there must be a limit.
    private static final int WAYS = 64;

    private final String name;
    private final EncoderModel model;
    private final ModelQueue queue;
    private final Instant opened = Instant.now();
    private final Map<Object, Object> ways = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > WAYS;
        }
    };
    private @Nullable Set<Task<?>> tasks;

    ServedModel(String name, EncoderModel model, ModelQueue queue) {
        this.name = name;
        this.model = model;
        this.queue = queue;
    }

    /// What clients call it.
    public String name() {
        return name;
    }

    /// The model itself.
    public EncoderModel model() {
        return model;
    }

    /// Where its inputs wait.
    public ModelQueue queue() {
        return queue;
    }

    /// When it was opened.
    public Instant opened() {
        return opened;
    }

    /// Whether it does a task.
    public synchronized boolean can(Task<?> task) {
        Set<Task<?>> known = tasks;
        if (known == null) {
            known = model.abilities().stream().filter(Ability::possible).map(Ability::task).collect(Collectors.toUnmodifiableSet());
            tasks = known;
        }
        return known.contains(task);
    }

    /// The tasks it does.
    public List<Task<?>> tasks() {
        return Task.all().stream().filter(this::can).toList();
    }

    /// What the model does with certain options: made when it is first asked for, and kept. Requests that ask in the same way
    /// share batches.
    ///
    /// @param key  tells ways apart: a record of the options
    /// @param make makes it
    @SuppressWarnings("unchecked") // a key has the type of what it stands for
    public synchronized <I, R> SharedBatches<I, R> way(Object key, Supplier<SharedBatches<I, R>> make) {
        // A failure is thrown, not kept.
        Object known = ways.get(key);
        if (known == null) {
            known = make.get();
            ways.put(key, known);
        }
        return (SharedBatches<I, R>) known;
    }

    /// Computes what waits, and frees the model.
    @Override
    public void close() {
        queue.close();
        model.close();
    }
}
