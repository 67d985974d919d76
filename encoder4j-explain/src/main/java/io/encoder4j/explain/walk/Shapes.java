// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a layer is built, seen in its steps.
public final class Shapes {

    private Shapes() { }

    private static Stream<Step> of(List<Step> layer, Map<Integer, Role> roles, String role) {
        return layer.stream().filter(step -> Objects.requireNonNullElse(roles.get(step.index()), new Role("", "")).name().equals(role));
    }

    /// Whether a layer has a step of a role.
    public static boolean has(List<Step> layer, Map<Integer, Role> roles, String role) {
        return of(layer, roles, role).findAny().isPresent();
    }

    /// Features inside the feed-forward; 0 without one.
    public static int intermediate(List<Step> layer, Map<Integer, Role> roles) {
        return of(layer, roles, "activation").mapToInt(Step::cols).findFirst().orElse(0);
    }

    /// The name of the feed-forward's activation; empty without one.
    public static String activation(List<Step> layer, Map<Integer, Role> roles) {
        return of(layer, roles, "activation").map(step -> Formulas.name(((Operation.Activate) step.operation()).activation()))
                .findFirst().orElse("");
    }

    /// Which norm a layer has.
    public static String norm(List<Step> layer, Map<Integer, Role> roles) {
        return of(layer, roles, "norm").findFirst().map(step -> step.operation() instanceof Operation.SquareNorm ? "rmsNorm"
                : "layerNorm").orElse(has(layer, roles, "scale") ? "scale" : "none");
    }

    /// Where its norms stand.
    public static String normOrder(StepGraph graph, List<Step> layer, Map<Integer, Role> roles) {
        return Roles.normOrder(graph, layer, roles);
    }

    /// How far a token sees to either side; null for all.
    public static @Nullable Integer window(AttentionBias bias) {
        return AttentionTeller.window(bias);
    }
}
