// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import io.encoder4j.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Who reads whom in a trace. Names of modules and layers, which compute nothing, are looked through.
public final class StepGraph {

    private final List<Step> steps;
    private final List<List<Integer>> readers = new ArrayList<>();

    /// The graph of a trace.
    public StepGraph(Trace trace) {
        this(trace.steps());
    }

    private StepGraph(List<Step> steps) {
        this.steps = steps;
        steps.forEach(_ -> readers.add(new ArrayList<>()));
        for (Step step : steps) {
            step.inputs().forEach(input -> readers.get(source(input)).add(step.index()));
        }
    }

    /// The same with the results of layers, which the trace may have left out.
    ///
    /// @param outputs of the layers, in order
    public StepGraph with(List<Tensor> outputs) {
        List<Step> filled = new ArrayList<>(steps);
        int layer = 0;
        for (Step step : steps) {
            if (step.operation() instanceof Operation.Name name && name.layer()) {
                int source = source(step.index());
                filled.set(source, with(steps.get(source), outputs.get(layer)));
                filled.set(step.index(), with(step, outputs.get(layer)));
                layer++;
            }
        }
        return new StepGraph(filled);
    }

    private static Step with(Step step, Tensor output) {
        return new Step(step.index(), step.operation(), step.name(), step.layer(), step.inputs(), step.rows(), step.cols(), output,
                step.probs());
    }

    /// All steps.
    public List<Step> steps() {
        return steps;
    }

    /// The step of an index.
    public Step step(int index) {
        return steps.get(index);
    }

    /// The step that computed what a step gives: itself, unless it only names it.
    public int source(int index) {
        int source = index;
        while (steps.get(source).operation() instanceof Operation.Name) {
            source = steps.get(source).inputs().getFirst();
        }
        return source;
    }

    /// The steps that computed what a step reads.
    public List<Step> inputs(Step step) {
        return step.inputs().stream().map(input -> steps.get(source(input))).toList();
    }

    /// The steps that read what a step computed, those that only name it left out.
    public List<Step> readers(Step step) {
        return readers.get(step.index()).stream().map(steps::get).filter(s -> !(s.operation() instanceof Operation.Name)).toList();
    }

    /// The step that computed this, looking through parts of results as well.
    public Step whole(Step step) {
        Step whole = steps.get(source(step.index()));
        while (whole.operation() instanceof Operation.View || whole.operation() instanceof Operation.Pick) {
            whole = inputs(whole).getFirst();
        }
        return whole;
    }

    /// Whether the result becomes part of the stream that runs through the layer: it is added to something, or is what the layer
    /// gives.
    public boolean isStream(Step step) {
        return readers(step).stream().anyMatch(reader -> reader.operation() instanceof Operation.Add)
                || readers.get(step.index()).stream().anyMatch(i -> steps.get(i).operation() instanceof Operation.Name name
                && name.layer());
    }

    /// The steps of a layer, in order.
    public List<Step> layer(int layer) {
        return steps.stream().filter(step -> step.layer() == layer).toList();
    }

    /// Whether a step's result leads to another step.
    boolean leadsTo(Step step, Step end) {
        return step.index() == end.index() || step.index() < end.index() && inputs(end).stream().anyMatch(input ->
                leadsTo(step, input));
    }

    /// Visits a step and all that led to it inside its layer, the last first.
    void upwards(Step step, Consumer<Step> visitor) {
        visitor.accept(step);
        inputs(step).stream().filter(input -> input.layer() == step.layer()).forEach(input -> upwards(input, visitor));
    }
}
