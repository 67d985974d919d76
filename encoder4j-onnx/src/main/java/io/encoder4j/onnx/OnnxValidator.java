// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.MappedFile;
import io.encoder4j.files.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Checks that a graph means what it seems to: known operations only, every name defined once, and no cycle. The names
/// of weights are derived from the graph, so that a graph that contradicts itself would give a wrong model, not only a
/// broken one.
final class OnnxValidator {

    private static final long OLDEST_OPSET = 7; // the first with NumPy's broadcasting
    private static final long NEWEST_OPSET = 28;

    /// What exporters make of BERT and its relatives, their heads and pooling. No operation here changes or hides a weight, as those
    /// that quantise and those that fuse do.
    private static final Set<String> OPERATIONS = Set.of(
            "Abs", "Add", "And", "ArgMax", "Cast", "CastLike", "Clip", "Concat", "Constant", "ConstantOfShape",
            "Cos", "CumSum", "Div", "Dropout", "Einsum", "Equal", "Erf", "Exp", "Expand", "Flatten", "Gather",
            "GatherElements", "GatherND", "Gelu", "Gemm", "Greater", "GreaterOrEqual", "Identity", "IsInf", "IsNaN",
            "LayerNormalization", "Less", "LessOrEqual", "Log", "LogSoftmax", "LpNormalization", "MatMul", "Max", "Min", "Mul", "Neg",
            "Not", "Or", "Pow", "Range", "Reciprocal", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum",
            "Relu", "Reshape", "ScatterND", "Shape", "Sigmoid", "Sign", "Sin", "Slice", "Softmax", "Split", "Sqrt", "Squeeze",
            "Sub", "Tanh", "Tile", "Transpose", "Trilu", "Unsqueeze", "Where");

    private final MappedFile file;
    private final OnnxGraph graph;

    OnnxValidator(MappedFile file, OnnxGraph graph) {
        this.file = file;
        this.graph = graph;
    }

    /// @param opsets versions by domain
    void validate(Map<String, Long> opsets) {
        Long opset = opsets.get("");
        if (opset == null || opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
            throw file.error("opset " + (opset == null ? "not given" : opset) + "; supported: " + OLDEST_OPSET + " to "
                    + NEWEST_OPSET);
        }
        checkOperations();
        Map<String, OnnxNode> producers = producers();
        checkInputs(producers.keySet());
        checkCycles(producers);
    }

    private void checkOperations() {
        Map<String, Integer> unknown = new TreeMap<>();
        for (OnnxNode node : graph.nodes()) {
            if (!node.isStandard() || !OPERATIONS.contains(node.opType())) {
                unknown.merge(node.operation(), 1, Integer::sum);
            }
        }
        if (!unknown.isEmpty()) {
            List<String> counts = new ArrayList<>();
            unknown.forEach(
                    (operation, count) -> counts.add(Printable.name(operation) + " (" + count + ")"));
            throw file.error("unsupported operations: " + some(counts)
                    + "; expected a float model as exported, neither quantised nor optimised");
        }
    }

    private Map<String, OnnxNode> producers() {
        Map<String, OnnxNode> producers = new HashMap<>();
        Set<String> given = new HashSet<>(graph.inputs());
        given.addAll(graph.initializers().keySet());
        for (OnnxNode node : graph.nodes()) {
            for (String output : node.outputs()) {
                if (output.isEmpty()) {
                    continue;
                }
                if (producers.put(output, node) != null || given.contains(output)) {
                    throw error(node, "duplicate name " + Printable.name(output)
                            + ": it is the output of two nodes, or an input or initializer too");
                }
            }
        }
        return producers;
    }

    private void checkInputs(Collection<String> produced) {
        Set<String> known = new HashSet<>(produced);
        known.addAll(graph.initializers().keySet());
        known.addAll(graph.inputs());
        known.add("");
        for (OnnxNode node : graph.nodes()) {
            for (String input : node.inputs()) {
                if (!known.contains(input)) {
                    throw error(node, "dangling input " + Printable.name(input)
                            + ": no node, initializer or graph input has that name");
                }
            }
        }
        for (String output : graph.outputs()) {
            if (!known.contains(output)) {
                throw file.error("graph: output " + Printable.name(output) + " is never produced");
            }
        }
    }

    /// Takes away nodes whose inputs are all there until none is left, or those that wait for each other.
    private void checkCycles(Map<String, OnnxNode> producers) {
        Map<OnnxNode, Integer> waiting = new IdentityHashMap<>();
        Map<String, List<OnnxNode>> consumers = new HashMap<>();
        Deque<OnnxNode> ready = new ArrayDeque<>();
        for (OnnxNode node : graph.nodes()) {
            int count = 0;
            for (String input : node.inputs()) {
                if (producers.containsKey(input)) {
                    consumers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
                    count++;
                }
            }
            waiting.put(node, count);
            if (count == 0) {
                ready.add(node);
            }
        }
        while (!ready.isEmpty()) {
            OnnxNode node = ready.remove();
            waiting.remove(node);
            for (String output : node.outputs()) {
                for (OnnxNode consumer : consumers.getOrDefault(output, List.of())) {
                    if (waiting.merge(consumer, -1, Integer::sum) == 0) {
                        ready.add(consumer);
                    }
                }
            }
        }
        for (OnnxNode node : graph.nodes()) {
            if (waiting.containsKey(node)) {
                throw error(node, "cycle: it needs, through other nodes, its own output");
            }
        }
    }

    private CheckpointException error(OnnxNode node, String problem) {
        return file.error("graph.node " + Printable.name(node.label()) + ": " + problem);
    }

    /// The items, of which at most 20 are spelled out.
    static String some(List<String> items) {
        return String.join(", ", items.subList(0, Math.min(20, items.size())))
                + (items.size() > 20 ? " and " + (items.size() - 20) + " more" : "");
    }
}
