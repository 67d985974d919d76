// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.List;
import java.util.Map;

/// The roles of the steps of one layer: everything is found from its attention, upwards and downwards.
final class LayerRoles {

    private static final List<String> PROJECTIONS = List.of("query", "key", "value");

    private final StepGraph graph;
    private final Map<Integer, Role> roles;
    private int sums;
    private boolean attended;

    LayerRoles(StepGraph graph, Map<Integer, Role> roles) {
        this.graph = graph;
        this.roles = roles;
    }

    void find(List<Step> layer) {
        Step attend = layer.stream().filter(step -> step.operation() instanceof Operation.Attend).findFirst().orElse(null);
        if (attend != null) {
            put(attend, "concat", Role.ATTENTION);
            List<Step> inputs = graph.inputs(attend);
            for (int i = 0; i < PROJECTIONS.size(); i++) {
                projection(inputs.get(i), i, attend.layer());
            }
            inputs.stream().skip(PROJECTIONS.size()).filter(input -> input.layer() == attend.layer()).forEach(this::relative);
        }
        boolean ended = false;
        for (Step step : layer) {
            if (step.operation() instanceof Operation.Name name) {
                if (name.layer()) {
                    put(step, "layerOutput", Role.NEXT);
                    ended = true;
                }
            } else if (!roles.containsKey(step.index())) {
                if (ended) {
                    put(step, beside(step), Role.NEXT);
                } else if (attend == null || step.index() > attend.index()) {
                    below(step);
                } else {
                    above(step);
                }
            }
        }
    }

    /// From what attention reads up to the projection that made it.
    private void projection(Step start, int which, int layer) {
        Step step = start;
        while (step.layer() == layer) {
            switch (step.operation()) {
                case Operation.Project _ -> {
                    boolean shared = roles.containsKey(step.index());
                    put(step, shared ? "queryKeyValue" : PROJECTIONS.get(which), Role.ATTENTION);
                    return;
                }
                case Operation.Rotate _ -> putNew(step, List.of("rotateQuery", "rotateKey", "rotateValue").get(which));
                case Operation.Norm _, Operation.SquareNorm _ -> putNew(step, "queryKeyNorm");
                case Operation.Shift _ -> putNew(step, "queryShift");
                default -> putNew(step, "part");
            }
            if (step.inputs().isEmpty()) {
                return;
            }
            step = graph.inputs(step).getFirst();
        }
    }

    /// What leads to relative positions.
    private void relative(Step step) {
        graph.upwards(step, one -> {
            if (!roles.containsKey(one.index())) {
                put(one, switch (one.operation()) {
                    case Operation.Embed _ -> "relativeTable";
                    case Operation.Norm _ -> "relativeNorm";
                    default -> "relativeProjection";
                }, Role.POSITION);
            }
        });
    }

    /// Before the projections.
    private void above(Step step) {
        switch (step.operation()) {
            case Operation.Norm _, Operation.SquareNorm _ -> put(step, "norm", Role.FIRST_SUM);
            case Operation.Project _ -> put(step, "bottleneck", Role.ATTENTION);
            default -> put(step, beside(step), Role.ATTENTION);
        }
    }

    /// After the attention.
    private void below(Step step) {
        switch (step.operation()) {
            case Operation.Add _ -> {
                sums++;
                put(step, "residual", sums == 1 ? Role.FIRST_SUM : Role.SECOND_SUM);
            }
            case Operation.Norm _, Operation.SquareNorm _ -> put(step, "norm", graph.isStream(step) && sums == 1 ? Role.FIRST_SUM
                    : Role.SECOND_SUM);
            case Operation.Activate _ -> put(step, "activation", Role.FEED_FORWARD);
            case Operation.Multiply _ -> put(step, "gating", Role.FEED_FORWARD);
            case Operation.Project _ -> project(step);
            case Operation.View _ -> put(step, "part", Role.FEED_FORWARD);
            default -> put(step, beside(step), graph.whole(graph.inputs(step).getFirst()).operation() instanceof Operation.Add
                    || sums > 0 && isScaled(step) ? sums == 1 ? Role.FIRST_SUM : Role.SECOND_SUM : Role.FEED_FORWARD);
        }
    }

    private boolean isScaled(Step step) {
        Step input = graph.inputs(step).getFirst();
        return input.operation() instanceof Operation.Scale
                && graph.inputs(input).getFirst().operation() instanceof Operation.Add;
    }

    private void project(Step step) {
        Step read = graph.whole(graph.inputs(step).getFirst());
        if (!attended && read.operation() instanceof Operation.Attend) {
            attended = true;
            put(step, "attentionOutput", Role.ATTENTION);
        } else if (read.operation() instanceof Operation.Activate || read.operation() instanceof Operation.Multiply) {
            put(step, "down", Role.FEED_FORWARD);
        } else {
            put(step, up(graph.readers(step)), Role.FEED_FORWARD);
        }
    }

    /// What a projection into the feed-forward is, by who reads it.
    private String up(List<Step> readers) {
        if (readers.stream().anyMatch(reader -> reader.operation() instanceof Operation.View)) {
            return "gateAndUp";
        }
        for (Step reader : readers) {
            if (reader.operation() instanceof Operation.Activate) {
                return graph.readers(reader).stream().anyMatch(r -> r.operation() instanceof Operation.Multiply) ? "gate" : "up";
            }
            if (reader.operation() instanceof Operation.Multiply) {
                return "gatedUp";
            }
        }
        return "bottleneck";
    }

    /// What stands beside the tutorial's steps.
    private static String beside(Step step) {
        return switch (step.operation()) {
            case Operation.Scale _ -> "scale";
            case Operation.Shift _ -> "shift";
            case Operation.Neighbours _ -> "neighbours";
            case Operation.Project _ -> "convolution";
            case Operation.Add _ -> "residual";
            case Operation.Norm _ -> "norm";
            case Operation.View _, Operation.Pick _ -> "part";
            default -> "other";
        };
    }

    private void putNew(Step step, String role) {
        if (!roles.containsKey(step.index())) {
            put(step, role, Role.ATTENTION);
        }
    }

    private void put(Step step, String role, String section) {
        roles.put(step.index(), new Role(role, section));
    }
}
