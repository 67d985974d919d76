// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.nn.Batch;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Finds what each step is for from what it reads and who reads it. Names of modules, which every family chooses anew, are looked
/// at only where two tables cannot be told apart otherwise.
public final class Roles {

    private final StepGraph graph;
    private final Batch batch;
    private final int headStart;
    private final Map<Integer, Role> roles = new HashMap<>();

    private Roles(StepGraph graph, Batch batch, int headStart) {
        this.graph = graph;
        this.batch = batch;
        this.headStart = headStart;
    }

    /// The roles of all steps that compute something, by index.
    ///
    /// @param layers    number of layers
    /// @param headStart index of the first step of a head
    public static Map<Integer, Role> of(StepGraph graph, Batch batch, int layers, int headStart) {
        Roles finder = new Roles(graph, batch, headStart);
        for (Step step : graph.steps()) {
            if (step.layer() == Step.BEFORE) {
                finder.before(step);
            } else if (step.layer() == Step.AFTER) {
                finder.after(step, layers);
            }
        }
        for (int layer = 0; layer < layers; layer++) {
            new LayerRoles(graph, finder.roles).find(graph.layer(layer));
        }
        return finder.roles;
    }

    private void before(Step step) {
        switch (step.operation()) {
            case Operation.Embed embed -> put(step, table(step, embed));
            case Operation.Add _ -> put(step, new Role("embeddingSum", graph.inputs(step).stream().anyMatch(input ->
                    isRole(input, "learnedPosition")) ? Role.POSITION : Role.EMBEDDING));
            case Operation.Norm _, Operation.SquareNorm _ -> put(step, new Role("embeddingNorm", Role.EMBEDDING));
            case Operation.Project _ -> put(step, new Role("embeddingProjection", Role.EMBEDDING));
            case Operation.Multiply _ -> put(step, new Role("embeddingScale", Role.EMBEDDING));
            case Operation.Neighbours _ -> put(step, new Role("neighbours", Role.EMBEDDING));
            case Operation.Name _ -> { }
            default -> after(step, 0);
        }
    }

    /// Which table it is: told by the rows that were looked up.
    private Role table(Step step, Operation.Embed embed) {
        boolean unread = graph.readers(step).isEmpty();
        if (Arrays.equals(embed.ids(), batch.ids())) {
            return new Role("wordEmbedding", Role.EMBEDDING);
        }
        boolean counts = IntStream.range(1, embed.ids().length).allMatch(i -> isStart(i) || embed.ids()[i] == embed.ids()[i - 1] + 1);
        String name = step.name().toLowerCase(Locale.ROOT);
        if (counts && (embed.ids().length > 1 || !name.contains("type"))) {
            return new Role(unread ? "unusedTable" : "learnedPosition", Role.POSITION);
        }
        if (Arrays.equals(embed.ids(), batch.typeIds()) || Arrays.stream(embed.ids()).allMatch(id -> id == 0)) {
            return new Role("typeEmbedding", Role.EMBEDDING);
        }
        return new Role(name.contains("position") ? "learnedPosition" : "wordEmbedding",
                name.contains("position") ? Role.POSITION : Role.EMBEDDING);
    }

    private boolean isStart(int token) {
        return Arrays.stream(batch.sequences().starts()).anyMatch(start -> start == token);
    }

    private void after(Step step, int layers) {
        if (step.operation() instanceof Operation.Name) {
            return;
        }
        if (step.index() >= headStart) {
            put(step, new Role(step.index() == lastComputed() ? "logits" : "headStep", Role.HEAD));
            return;
        }
        boolean module = step.name().matches("\\d+\\..*");
        put(step, switch (step.operation()) {
            case Operation.Pool _ -> new Role("pooling", Role.POOLING);
            case Operation.Normalize _ -> new Role("normalize", Role.POOLING);
            case Operation.Norm _, Operation.SquareNorm _ when !module -> new Role("finalNorm", Role.NEXT);
            case Operation.Pick _, Operation.View _ -> new Role("pick", Role.POOLING);
            case Operation.Project _, Operation.Activate _ when !module -> new Role("poolerStep", Role.HEAD);
            case Operation.Scale _, Operation.Add _ when !module && layers > 0 -> new Role("layerMean", Role.POOLING);
            default -> new Role(module ? "module" : "other", Role.POOLING);
        });
    }

    private int lastComputed() {
        return graph.steps().stream().filter(step -> !(step.operation() instanceof Operation.Name)).mapToInt(Step::index).max()
                .orElse(-1);
    }

    private boolean isRole(Step step, String name) {
        return Objects.equals(name, roles.containsKey(step.index()) ? roles.get(step.index()).name() : null);
    }

    private void put(Step step, Role role) {
        roles.put(step.index(), role);
    }

    /// The layers whose norms stand where: before the halves of a layer, after the sums, both or none.
    static String normOrder(StepGraph graph, List<Step> layer, Map<Integer, Role> roles) {
        boolean post = false;
        boolean pre = false;
        for (Step step : layer) {
            Role role = roles.get(step.index());
            if (role != null && role.name().equals("norm")) {
                boolean stream = graph.isStream(step) && graph.whole(graph.inputs(step).getFirst()).operation() instanceof Operation.Add;
                post |= stream;
                pre |= !stream;
            }
        }
        return post && pre ? "both" : post ? "post" : pre ? "pre" : "none";
    }
}
