// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.MappedFile;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.files.Printable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives a graph's tensors the names they had as parameters in PyTorch.
///
/// PyTorch's exporter folds the transposition of a linear layer's weight into the file, and calls the result
/// `onnx::MatMul_787`; biases, norms and embeddings keep their names. But the node that uses the weight is called after
/// the module it came from: `/encoder/layer.0/attention/self/query/MatMul` uses
/// `encoder.layer.0.attention.self.query.weight`, transposed. Where nodes have no such names, as in files of PyTorch
/// 1.x and of its newer exporter, the bias added next tells: `….linear1.bias` is added to the product with
/// `….linear1.weight`.
///
/// Equal parameters are stored once by the exporter, and the others are an `Identity` of it under their own names.
final class WeightNames {

    /// @param stored     the tensor in the file
    /// @param transposed whether the parameter is its transpose
    record Weight(StoredTensor stored, boolean transposed) {}

    private final MappedFile file;
    private final OnnxGraph graph;
    private final GraphIndex index;
    private final SequencedMap<String, Weight> weights = new LinkedHashMap<>();

    /// The values of matrix products with a weight, by the weight's name.
    private final SequencedMap<String, String> products = new LinkedHashMap<>();

    WeightNames(MappedFile file, OnnxGraph graph, GraphIndex index) {
        this.file = file;
        this.graph = graph;
        this.index = index;
    }

    /// The parameters by name; tensors for which no name was found keep the one in the file.
    SequencedMap<String, Weight> recover() {
        Set<String> renamed = new HashSet<>();
        for (OnnxNode node : graph.nodes()) {
            if (isLinear(node)) {
                nameLinear(node, renamed);
            }
        }
        graph.initializers().forEach((name, tensor) -> {
            if (!renamed.contains(name)) {
                weights.putIfAbsent(name, new Weight(tensor, false));
            }
        });
        for (OnnxNode node : graph.nodes()) {
            nameOthers(node);
        }
        return weights;
    }

    /// The value that the product with weight `name` is, before its bias; after [#recover].
    @Nullable String product(String name) {
        return products.get(name);
    }

    /// Names of all weights that something is multiplied by; after [#recover].
    SequencedSet<String> linears() {
        return products.sequencedKeySet();
    }

    private boolean isLinear(OnnxNode node) {
        boolean product = node.opType().equals("MatMul") || node.opType().equals("Gemm");
        return product && node.inputs().size() > 1 && isWeight(node.input(1), 2);
    }

    private boolean isWeight(String value, int rank) {
        StoredTensor tensor = index.constant(value);
        return tensor != null && tensor.shape().length == rank && tensor.dtype().isFloat();
    }

    private void nameLinear(OnnxNode node, Set<String> renamed) {
        String value = node.input(1);
        StoredTensor tensor = index.constant(value);
        String module = module(node);
        String bias = bias(node);
        // Nodes of a part that was exported by itself lack the part's place in the whole, which the bias has.
        if (module.isEmpty() || bias.endsWith("." + module)) {
            module = bias;
        }
        String name = isParameter(value) ? value : module.isEmpty() ? value : module + ".weight";
        boolean gemm = node.opType().equals("Gemm");
        if (gemm && (node.attribute("alpha", 1f) != 1 || node.attribute("beta", 1f) != 1
                || node.attribute("transA", 0) != 0)) {
            throw file.error("graph.node " + Printable.name(node.label())
                    + ": Gemm with alpha, beta or transA is not a linear layer");
        }
        boolean transposed = !gemm || node.attribute("transB", 0) == 0;
        Weight weight = new Weight(tensor, transposed);
        Weight other = weights.putIfAbsent(name, weight);
        if (other != null && !(other.stored == tensor && other.transposed == transposed)) {
            throw file.error("graph.node " + Printable.name(node.label()) + ": a second weight "
                    + Printable.name(name) + ", " + Printable.name(value));
        }
        products.putIfAbsent(name, node.outputs().getFirst());
        renamed.add(value);
        renamed.add(tensor.name());
    }

    /// The module whose bias is added to the node's result, or an empty string.
    private String bias(OnnxNode node) {
        String bias = node.opType().equals("Gemm") ? node.input(2) : "";
        for (OnnxNode add : index.consumers(node.outputs().getFirst())) {
            if (add.opType().equals("Add")) {
                bias = isWeight(add.input(0), 1) ? add.input(0) : isWeight(add.input(1), 1) ? add.input(1) : bias;
            }
        }
        return isParameter(bias) && bias.endsWith(".bias") ? bias.substring(0, bias.length() - ".bias".length()) : "";
    }

    /// Names that the file's own do not give: the copies of a parameter, and what is anonymous.
    private void nameOthers(OnnxNode node) {
        String module = module(node);
        switch (node.opType()) {
            case "Identity" -> give(node.input(0), node.outputs().getFirst());
            case "LayerNormalization" -> {
                give(node.input(1), parameter(module, "weight"));
                give(node.input(2), parameter(module, "bias"));
            }
            case "Gather" -> give(node.input(0), parameter(module, "weight"));
            case "Gemm" -> give(node.input(2), parameter(module, "bias"));
            case "Mul", "Add" -> {
                String value = isWeight(node.input(0), 1) ? node.input(0) : node.input(1);
                if (isWeight(value, 1)) {
                    give(value, parameter(module, node.opType().equals("Mul") ? "weight" : "bias"));
                }
            }
            default -> { }
        }
    }

    private static String parameter(String module, String name) {
        return module.isEmpty() ? "" : module + "." + name;
    }

    private void give(String value, String name) {
        StoredTensor tensor = index.constant(value);
        boolean known = value.endsWith("." + name); // the file's name has the place in the whole besides
        if (tensor != null && tensor.dtype().isFloat() && isParameter(name) && !known) {
            weights.putIfAbsent(name, new Weight(tensor, false));
        }
    }

    /// Whether a value has the name of a parameter, not one that the exporter made up.
    private static boolean isParameter(String name) {
        return name.indexOf('.') > 0 && name.indexOf(':') < 0 && name.indexOf('/') < 0;
    }

    /// The module that a node's name says it came from: `/a/b.0/MatMul` → `a.b.0`; empty if it does not say.
    private static String module(OnnxNode node) {
        List<String> parts = List.of(node.name().split("/"));
        return parts.size() > 2 && parts.getFirst().isEmpty()
                ? String.join(".", parts.subList(1, parts.size() - 1)) : "";
    }
}
