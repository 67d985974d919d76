// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.StoredTensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads ModernBERT's attention from the graph: which layers see a window only, how wide it is, and the bases of the rotary
/// positions. A config.json that names them goes before.
final class LocalAttention {

    private static final List<String> KEYS = List.of("layer_types", "global_attn_every_n_layers", "local_attention",
            "global_rope_theta", "local_rope_theta", "rope_parameters", "rope_scaling");

    private final OnnxCheckpoint checkpoint;
    private final EncoderParameters parameters;
    private final GraphIndex index;
    private final int headSize;

    LocalAttention(OnnxCheckpoint checkpoint, EncoderParameters parameters, int heads) {
        this.checkpoint = checkpoint;
        this.parameters = parameters;
        this.index = checkpoint.index();
        this.headSize = Math.toIntExact(parameters.sizes().get("H") / heads);
    }

    /// A layer's attention.
    ///
    /// @param window the farthest distance that is seen; -1 if all is
    /// @param theta  the base of its rotary positions
    private record Layer(long window, double theta) { }

    /// Adds what config.json does not say.
    ///
    /// @throws CheckpointException if the graph does not show it either
    void addTo(Map<String, Object> json) {
        if (KEYS.stream().anyMatch(json::containsKey)) {
            return;
        }
        List<Layer> layers = new ArrayList<>();
        for (int number = 0; number < parameters.layers(); number++) {
            layers.add(layer(number));
        }
        List<String> types = layers.stream().map(l -> l.window < 0 ? "full_attention" : "sliding_attention").toList();
        Set<Long> windows = new TreeSet<>();
        Set<Double> global = new TreeSet<>();
        Set<Double> local = new TreeSet<>();
        for (Layer layer : layers) {
            (layer.window < 0 ? global : local).add(layer.theta);
            if (layer.window >= 0) {
                windows.add(layer.window);
            }
        }
        if (windows.size() > 1 || global.size() > 1 || local.size() > 1) {
            throw unknown();
        }
        json.put("layer_types", types);
        windows.forEach(window -> json.put("local_attention", 2 * window));
        global.forEach(theta -> json.put("global_rope_theta", theta));
        local.forEach(theta -> json.put("local_rope_theta", theta));
    }

    private Layer layer(int number) {
        String product = checkpoint.product(
                parameters.inFile(parameters.family().inLayer(number, parameters.family().query())));
        if (product == null) {
            throw unknown();
        }
        // Up to the softmax, and up to the output projection along the values.
        Collection<OnnxNode> nodes = index.downstream(product, node -> node.opType().equals("Softmax")
                || node.opType().equals("MatMul") && index.constant(node.input(1)) != null);
        Set<String> own = new HashSet<>(Set.of(product));
        nodes.forEach(node -> own.addAll(node.outputs()));
        Set<Double> thetas = new TreeSet<>();
        Set<Long> windows = new TreeSet<>();
        for (OnnxNode node : nodes) {
            for (String input : node.inputs()) {
                if (!own.contains(input) && node.opType().equals("Mul")) {
                    thetas.addAll(thetas(input));
                } else if (!own.contains(input) && node.opType().equals("Add")) {
                    windows.addAll(windows(input));
                }
            }
        }
        if (thetas.size() != 1 || windows.size() > 1) {
            throw unknown();
        }
        return new Layer(windows.isEmpty() ? -1 : windows.iterator().next(), thetas.iterator().next());
    }

    /// The bases of the cosines and sines above a value.
    private Set<Double> thetas(String value) {
        Set<Double> thetas = new TreeSet<>();
        for (OnnxNode node : index.upstream(value)) {
            if (node.opType().equals("Cos") || node.opType().equals("Sin")) {
                for (String input : index.constantsAbove(node.input(0))) {
                    StoredTensor tensor = index.constant(input);
                    if (tensor != null && tensor.dtype().isFloat() && tensor.elements() == headSize / 2) {
                        thetas.add(theta(tensor));
                    }
                }
            }
        }
        return thetas;
    }

    /// The base θ of the frequencies θ^(-2i / headSize).
    private double theta(StoredTensor frequencies) {
        long last = frequencies.elements() - 1;
        if (last == 0) {
            throw unknown();
        }
        double theta = Math.pow(frequencies.get(last), -headSize / (2.0 * last));
        double rounded = Math.abs(theta - Math.rint(theta)) < 1e-4 * theta ? Math.rint(theta) : theta;
        for (long i = 0; i <= last; i++) {
            double expected = Math.pow(rounded, -2.0 * i / headSize);
            if (!(Math.abs(frequencies.get(i) - expected) <= 1e-5 * expected)) {
                throw unknown();
            }
        }
        return rounded;
    }

    /// The distances that a mask above a value is cut at.
    private Set<Long> windows(String value) {
        Set<Long> windows = new TreeSet<>();
        for (OnnxNode node : index.upstream(value)) {
            boolean compares = node.opType().equals("LessOrEqual") || node.opType().equals("Greater");
            OnnxNode distance = compares ? index.producer(node.input(0)) : null;
            if (distance != null && distance.opType().equals("Abs")) {
                double window = index.scalar(node.input(1));
                if (!(window >= 0) || window != Math.rint(window)) {
                    throw unknown();
                }
                windows.add((long) window);
            }
        }
        return windows;
    }

    private CheckpointException unknown() {
        return new CheckpointException(checkpoint.location() + ": the graph does not show its windows and rotary positions;"
                + " put a config.json with global_attn_every_n_layers, local_attention, global_rope_theta and"
                + " local_rope_theta beside the file");
    }
}
