// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.explain.data.Details;
import io.encoder4j.explain.data.Details.Firing.Unit;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What only one kind of step has.
final class StepDetails {

    /// The largest values of a token that are told.
    private static final int TOP = 5;

    private StepDetails() { }

    static @Nullable Details of(Step step, List<Step> inputs, String role) {
        if (step.output() == null || inputs.stream().anyMatch(input -> input.output() == null)) {
            return null;
        }
        return switch (step.operation()) {
            case Operation.Norm norm -> moments(norm.norm().eps(), inputs.getFirst().values(), step.values(), true);
            case Operation.SquareNorm norm -> moments(norm.norm().eps(), inputs.getFirst().values(), step.values(), false);
            case Operation.Add _ when role.equals("residual") -> lengths(inputs);
            case Operation.Activate activate when role.equals("activation") -> firing(Formulas.name(activate.activation()),
                    step.values());
            case Operation.Pool pool -> new Details.Pooled(pool.pooling().reductions().stream().map(reduction ->
                    reduction.name().toLowerCase(Locale.ROOT)).toList(), inputs.getFirst().rows());
            case Operation.Normalize _ -> new Details.Length(ByHand.length(ByHand.row(inputs.getFirst().values(), 0)));
            default -> null;
        };
    }

    private static Details moments(double eps, Tensor before, Tensor after, boolean mean) {
        return new Details.Moments(eps, mean ? rows(before, ByHand::mean) : null, rows(before, mean ? ByHand::variance
                : row -> ByHand.length(row) * ByHand.length(row) / row.length), rows(after, ByHand::mean),
                rows(after, ByHand::variance));
    }

    /// The stream is what came from farther: the input whose step is the earlier one.
    private static Details lengths(List<Step> inputs) {
        Step first = inputs.get(0);
        Step second = inputs.get(1);
        boolean inOrder = first.index() <= second.index();
        return new Details.Lengths(rows((inOrder ? first : second).values(), ByHand::length),
                rows((inOrder ? second : first).values(), ByHand::length));
    }

    private static Tensor rows(Tensor x, ToDoubleFunction<double[]> function) {
        Tensor values = Tensor.zeros(x.size(0));
        for (int row = 0; row < x.size(0); row++) {
            values.values()[row] = (float) function.applyAsDouble(ByHand.row(x, row));
        }
        return values;
    }

    private static Details firing(String function, Tensor x) {
        int above = 0;
        for (float value : x.values()) {
            above += value > 0 ? 1 : 0;
        }
        List<Unit> top = new ArrayList<>();
        for (int token = 0; token < x.size(0); token++) {
            top.addAll(largest(token, x));
        }
        return new Details.Firing(function, above / (double) Math.max(1, x.values().length), top);
    }

    private static List<Unit> largest(int token, Tensor x) {
        PriorityQueue<Unit> kept = new PriorityQueue<>(Comparator.comparingDouble(Unit::value));
        for (int unit = 0; unit < x.size(1); unit++) {
            double value = x.values()[token * x.size(1) + unit];
            if (kept.size() < TOP || value > kept.peek().value()) {
                kept.add(new Unit(token, unit, value));
                if (kept.size() > TOP) {
                    kept.poll();
                }
            }
        }
        return kept.stream().sorted(Comparator.comparingDouble(Unit::value).reversed()).toList();
    }
}
