// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.StoredTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A graph, to walk in: who makes a value, who uses it, and what is constant.
final class GraphIndex {

    private final OnnxGraph graph;
    private final Map<String, OnnxNode> producers = new HashMap<>();
    private final Map<String, List<OnnxNode>> consumers = new HashMap<>();

    GraphIndex(OnnxGraph graph) {
        this.graph = graph;
        for (OnnxNode node : graph.nodes()) {
            node.outputs().forEach(output -> producers.put(output, node));
            node.inputs().forEach(input -> consumers.computeIfAbsent(input, name -> new ArrayList<>(1)).add(node));
        }
    }

    /// The node that makes a value, or null if none does.
    @Nullable OnnxNode producer(String value) {
        return producers.get(value);
    }

    /// The nodes that use a value.
    List<OnnxNode> consumers(String value) {
        return consumers.getOrDefault(value, List.of());
    }

    /// The tensor that a value always is: an initializer, a `Constant`, or an `Identity` of one; null if it is none.
    @Nullable StoredTensor constant(String value) {
        String source = value;
        OnnxNode node = producers.get(source);
        while (node != null && node.opType().equals("Identity")) {
            source = node.input(0);
            node = producers.get(source);
        }
        if (node == null) {
            return graph.initializers().get(source);
        }
        return node.opType().equals("Constant")
                && node.attributes().get("value") instanceof OnnxAttribute.Value(StoredTensor tensor) ? tensor : null;
    }

    /// The single number that a value always is, or NaN.
    double scalar(String value) {
        StoredTensor tensor = constant(value);
        OnnxNode node = producers.get(value);
        if (tensor == null && node != null && node.opType().equals("Constant")) {
            return node.attribute("value_float", Float.NaN);
        }
        return tensor != null && tensor.elements() == 1 ? tensor.get(0) : Double.NaN;
    }

    /// The integers of a shape, as `Reshape` takes it: constant, or put together by a `Concat`. Null stands for a size
    /// that depends on the input. An empty list if nothing is known.
    List<@Nullable Long> shape(String value) {
        List<@Nullable Long> sizes = new ArrayList<>();
        OnnxNode node = producers.get(value);
        if (node == null || !node.opType().equals("Concat")) {
            addSizes(value, sizes);
            return sizes;
        }
        for (String part : node.inputs()) {
            int known = sizes.size();
            addSizes(part, sizes);
            if (sizes.size() == known) {
                sizes.add(null);
            }
        }
        return sizes;
    }

    private void addSizes(String value, List<@Nullable Long> sizes) {
        OnnxNode node = producers.get(value);
        boolean wraps = node != null && (node.opType().equals("Cast") || node.opType().equals("Unsqueeze"));
        if (node != null && node.attributes().get("value_ints") instanceof OnnxAttribute.Ints(List<Long> values)) {
            sizes.addAll(values);
        } else if (node != null && node.attributes().get("value_int") instanceof OnnxAttribute.Int(long size)) {
            sizes.add(size);
        }
        StoredTensor tensor = constant(wraps ? node.input(0) : value);
        if (tensor != null && !tensor.dtype().isFloat() && tensor.elements() <= 8) {
            for (long i = 0; i < tensor.elements(); i++) {
                sizes.add(tensor.getLong(i));
            }
        }
    }

    /// The nodes that a value depends on, each once.
    Collection<OnnxNode> upstream(String value) {
        SequencedMap<String, OnnxNode> found = new LinkedHashMap<>();
        Deque<String> values = new ArrayDeque<>(List.of(value));
        while (!values.isEmpty()) {
            OnnxNode node = producers.get(values.remove());
            if (node != null && found.putIfAbsent(node.outputs().getFirst(), node) == null) {
                values.addAll(node.inputs());
            }
        }
        return found.values();
    }

    /// The constants that a value depends on: initializers, and outputs of `Constant`.
    Set<String> constantsAbove(String value) {
        Set<String> constants = new HashSet<>();
        for (OnnxNode node : upstream(value)) {
            node.inputs().stream().filter(input -> constant(input) != null).forEach(constants::add);
        }
        return constants;
    }

    /// The nodes on the way from a value, breadth first, each once. Nodes where `stop` holds are the last on their way.
    Collection<OnnxNode> downstream(String value, Predicate<OnnxNode> stop) {
        SequencedMap<String, OnnxNode> found = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>(Set.of(value));
        Deque<String> values = new ArrayDeque<>(seen);
        while (!values.isEmpty()) {
            for (OnnxNode node : consumers(values.remove())) {
                found.putIfAbsent(node.outputs().isEmpty() ? node.name() : node.outputs().getFirst(), node);
                if (!stop.test(node)) {
                    node.outputs().stream().filter(seen::add).forEach(values::add);
                }
            }
        }
        return found.values();
    }
}
