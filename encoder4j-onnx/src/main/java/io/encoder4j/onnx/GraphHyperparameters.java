// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a config.json would say and no weight does, read off the graph's operations.
final class GraphHyperparameters {

    private final OnnxCheckpoint checkpoint;
    private final GraphIndex index;

    GraphHyperparameters(OnnxCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.index = checkpoint.index();
    }

    /// Number of attention heads, from the shape that the query is cut into, `[…, heads, headSize]`; 0 if not found.
    ///
    /// @param query  name of a layer's query weight
    /// @param hidden the hidden size
    int heads(String query, long hidden) {
        String value = checkpoint.product(query);
        if (value == null) {
            value = transposedProduct(query);
        }
        if (value == null) {
            return 0;
        }
        for (OnnxNode node : index.downstream(value, n -> !n.opType().equals("Add"))) {
            List<@Nullable Long> sizes = node.opType().equals("Reshape") ? index.shape(node.input(1)) : List.of();
            if (sizes.size() < 3) {
                continue;
            }
            Long heads = sizes.get(sizes.size() - 2);
            Long headSize = sizes.getLast();
            if (heads != null && heads > 0 && (headSize == null || headSize <= 0 || heads * headSize == hidden)) {
                return hidden % heads == 0 ? Math.toIntExact(heads) : 0;
            }
            if (headSize != null && headSize > 0 && hidden % headSize == 0) {
                return Math.toIntExact(hidden / headSize);
            }
        }
        return 0;
    }

    /// The epsilon of all layer norms: the attribute of `LayerNormalization`, or what is added to the variance before
    /// the root. NaN if there is none or they differ.
    double epsilon() {
        Set<Float> found = new TreeSet<>();
        for (OnnxNode node : checkpoint.file().graph().nodes()) {
            switch (node.opType()) {
                case "LayerNormalization" -> found.add(node.attribute("epsilon", 1e-5f));
                case "Sqrt" -> addEpsilon(node, found);
                default -> { }
            }
        }
        // By way of the shortest decimal: the float 9.99999996e-13 was written as 1e-12.
        return found.size() == 1 ? Double.parseDouble(found.iterator().next().toString()) : Double.NaN;
    }

    private void addEpsilon(OnnxNode root, Set<Float> found) {
        OnnxNode add = index.producer(root.input(0));
        if (add == null || !add.opType().equals("Add")) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            OnnxNode mean = index.producer(add.input(i));
            double value = index.scalar(add.input(1 - i));
            if (mean != null && mean.opType().equals("ReduceMean") && value == value) {
                found.add((float) value);
            }
        }
    }

    /// The id from which RoBERTa counts positions: the one that takes none, `cumsum(ids ≠ padding) + padding`; -1 if not
    /// found, or if the two differ.
    int paddingId() {
        for (OnnxNode node : checkpoint.file().graph().nodes()) {
            if (!node.opType().equals("CumSum")) {
                continue;
            }
            double padding = sum(index.upstream(node.input(0)), "Equal");
            double offset = sum(index.downstream(node.outputs().getFirst(), n -> n.opType().startsWith("Gather")), "Add");
            return padding == offset ? (int) padding : -1;
        }
        return -1;
    }

    /// The sum of the constants that nodes of one operation have as inputs.
    private double sum(Collection<OnnxNode> nodes, String operation) {
        return nodes.stream().filter(node -> node.opType().equals(operation)).flatMap(node -> node.inputs().stream())
                .mapToDouble(index::scalar).filter(value -> value == value).sum();
    }

    /// The activation between the two layers of the feed-forward block, as Hugging Face calls it; empty if not known.
    ///
    /// @param intermediate name of a layer's intermediate weight
    String activation(String intermediate) {
        String value = checkpoint.product(intermediate);
        if (value == null) {
            value = transposedProduct(intermediate);
        }
        if (value == null) {
            return "";
        }
        Collection<OnnxNode> between =
                index.downstream(value, node -> node.opType().equals("MatMul") || node.opType().equals("Gemm"));
        Set<String> operations = between.stream().map(OnnxNode::opType).collect(Collectors.toSet());
        for (OnnxNode node : between) {
            if (node.opType().equals("Gelu")) {
                return node.attributes().get("approximate") instanceof OnnxAttribute.Text(String how)
                        && how.equals("tanh") ? "gelu_new" : "gelu";
            }
        }
        if (operations.contains("Erf")) {
            return "gelu";
        }
        if (operations.contains("Tanh")) {
            return operations.contains("Mul") ? has(between, 0.044715) ? "gelu_new" : "" : "tanh";
        }
        if (operations.contains("Sigmoid")) {
            return operations.contains("Mul") ? has(between, 1.702) ? "quick_gelu" : "silu" : "sigmoid";
        }
        return operations.contains("Relu") ? "relu" : "";
    }

    private boolean has(Collection<OnnxNode> nodes, double constant) {
        return nodes.stream().flatMap(node -> node.inputs().stream())
                .anyMatch(input -> Math.abs(index.scalar(input) - constant) < 1e-5);
    }

    /// The product with a weight that the graph transposes itself, as files exported without folding do.
    private @Nullable String transposedProduct(String weight) {
        for (OnnxNode transpose : index.consumers(weight)) {
            for (OnnxNode product : index.consumers(transpose.outputs().getFirst())) {
                if (transpose.opType().equals("Transpose") && product.opType().equals("MatMul")) {
                    return product.outputs().getFirst();
                }
            }
        }
        return null;
    }
}
