// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A recorded call of a torch module: its options, parameters and inputs, and what torch answered. This is what the
/// files of `goldens/torch` hold, and how the claim of "the same numbers as PyTorch" is checked.
///
/// @param options the arguments of constructor and call by torch's names, as JSON: `d_model` → `16`, `activation` →
///                `"gelu"`; `module` names the class, and a mask's entry its kind (`"torch.bool"` or `"torch.float32"`)
/// @param tensors `param.<state dict name>`; `input`, or `query`, `key` and `value`; masks under torch's names, a bool
///                one as 1 where attention is not allowed; expected `output` and, where torch gave them,
///                `attention_weights` or, for a stack, `attention_weights.<layer>`
public record TorchCase(Map<String, String> options, Map<String, Tensor> tensors) {

    private static final Set<String> KNOWN = Set.of("module", "normalized_shape", "eps", "d_model", "nhead",
            "dim_feedforward", "activation", "layer_norm_eps", "batch_first", "norm_first", "bias", "dropout",
            "num_layers", "final_norm", "embed_dim", "num_heads", "add_bias_kv", "add_zero_attn", "kdim", "vdim",
            "need_weights", "average_attn_weights", "is_causal", "src_mask", "src_key_padding_mask", "attn_mask",
            "key_padding_mask", "max_len");

    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if an option is not known: it would be ignored
    public TorchCase {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("options of a torch call that are not known: "
                    + String.join(", ", unknown));
        }
    }

    /// {@return the largest absolute difference between what our module gives and what torch gave, by the name of the result;
    /// infinite where one is not a number and the other is}
    ///
    /// @param compute the kernels and threads
    /// @throws IllegalArgumentException if the options are wrong, an expected result is missing or has another shape
    public SequencedMap<String, Double> differences(Compute compute) {
        SequencedMap<String, Tensor> results = run(compute);
        SequencedMap<String, Double> differences = new LinkedHashMap<>();
        for (String name : tensors.keySet()) {
            if (name.equals("output") || name.startsWith("attention_weights")) {
                requireSameShape(name, tensor(name), results.get(name));
            }
        }
        results.forEach((name, actual) -> {
            if (tensors.containsKey(name)) {
                differences.put(name, difference(tensor(name), actual));
            }
        });
        return differences;
    }

    private static void requireSameShape(String name, Tensor expected, @Nullable Tensor actual) {
        if (actual == null || !Arrays.equals(expected.shape(), actual.shape())) {
            throw new IllegalArgumentException(name + ": expected " + Arrays.toString(expected.shape()) + ", got "
                    + (actual == null ? "nothing" : Arrays.toString(actual.shape())));
        }
    }

    private static double difference(Tensor expected, Tensor actual) {
        double worst = 0;
        for (int i = 0; i < expected.values().length; i++) {
            double difference = Math.abs((double) expected.values()[i] - actual.values()[i]);
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return worst;
    }

    /// {@return what our module gives: `output` and, if it has any, `attention_weights` or `attention_weights.<layer>`}
    ///
    /// @param compute the kernels and threads
    /// @throws IllegalArgumentException if the module or an option is wrong, or a tensor is missing
    public SequencedMap<String, Tensor> run(Compute compute) {
        SequencedMap<String, Tensor> results = new LinkedHashMap<>();
        switch (text("module", "")) {
            case "LayerNorm" -> {
                LayerNorm norm = LayerNorm.of(tensor("param.weight").shape(), real("eps", LayerNorm.DEFAULT_EPS), true,
                        flag("bias", true)).load(parameters());
                results.put("output", norm.forward(tensor("input"), compute));
            }
            case "PositionalEncoding" -> results.put("output", PositionalEncoding.of(number("max_len", 0),
                    number("d_model", 0), flag("batch_first", false)).forward(tensor("input")));
            case "MultiheadAttention" -> attend(compute, results);
            case "TransformerEncoderLayer" -> {
                var out = TransformerEncoderLayer.load(layerOptions(), parameters(), compute)
                        .forwardWithWeights(tensor("input"), masks("src_mask", "src_key_padding_mask"), false);
                results.put("output", out.output());
                results.put("attention_weights", out.weights());
            }
            case "TransformerEncoder" -> {
                LayerNorm norm = flag("final_norm", false) ? LayerNorm.of(number("d_model", 0)) : null;
                var out = TransformerEncoder.load(layerOptions(), number("num_layers", 0), norm, parameters(), compute)
                        .forwardWithWeights(tensor("input"), masks("src_mask", "src_key_padding_mask"), false);
                results.put("output", out.output());
                for (int i = 0; i < out.weights().size(); i++) {
                    results.put("attention_weights." + i, out.weights().get(i));
                }
            }
            default -> throw new IllegalArgumentException("no torch module " + text("module", "(none)")
                    + " here; there are LayerNorm, MultiheadAttention, TransformerEncoderLayer, TransformerEncoder, PositionalEncoding");
        }
        return results;
    }

    private void attend(Compute compute, Map<String, Tensor> results) {
        int e = number("embed_dim", 0);
        var attention = new MultiheadAttentionOptions(e, number("num_heads", 0), real("dropout", 0),
                flag("bias", true), flag("add_bias_kv", false), flag("add_zero_attn", false), number("kdim", e),
                number("vdim", e), flag("batch_first", false));
        var out = MultiheadAttention.load(attention, parameters(), compute).forward(tensor("query"), tensor("key"),
                tensor("value"), new MultiheadAttention.Arguments(masks("attn_mask", "key_padding_mask"),
                        flag("need_weights", true), flag("average_attn_weights", true)));
        results.put("output", out.output());
        out.weights().ifPresent(weights -> results.put("attention_weights", weights));
    }

    /// {@return the parameters by their state dict names}
    public SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith("param.")) {
                parameters.put(name.substring("param.".length()), tensor);
            }
        });
        return parameters;
    }

    /// {@return the options of the layer, or of each layer of the stack}
    public TransformerEncoderLayerOptions layerOptions() {
        return TransformerEncoderLayerOptions.of(number("d_model", 0), number("nhead", 0))
                .withDimFeedforward(number("dim_feedforward", 2048)).withDropout(real("dropout", 0.1f))
                .withActivation(text("activation", "relu")).withLayerNormEps(real("layer_norm_eps", 1e-5f))
                .withBatchFirst(flag("batch_first", false)).withNormFirst(flag("norm_first", false))
                .withBias(flag("bias", true));
    }

    /// {@return the masks of the call}
    ///
    /// @param mask    torch's name of the mask between tokens
    /// @param padding torch's name of the key padding mask
    public Masks masks(String mask, String padding) {
        return new Masks(mask(mask), mask(padding), flag("is_causal", false));
    }

    private @Nullable Mask mask(String name) {
        String kind = text(name, "");
        if (kind.isEmpty()) {
            return null;
        }
        Tensor values = tensor(name);
        if (!kind.equals("torch.bool")) {
            return Mask.add(values);
        }
        boolean[] forbidden = new boolean[values.values().length];
        for (int i = 0; i < forbidden.length; i++) {
            forbidden[i] = values.values()[i] != 0;
        }
        return Mask.forbid(forbidden, values.shape());
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the torch call has no tensor " + name);
        }
        return tensor;
    }

    private String text(String option, String otherwise) {
        String json = options.get(option);
        if (json == null || json.equals("null")) {
            return otherwise;
        }
        boolean quoted = json.length() > 1 && json.startsWith("\"") && json.endsWith("\"");
        return quoted ? json.substring(1, json.length() - 1) : json;
    }

    private int number(String option, int otherwise) {
        return Integer.parseInt(text(option, String.valueOf(otherwise)));
    }

    private float real(String option, float otherwise) {
        return Float.parseFloat(text(option, String.valueOf(otherwise)));
    }

    private boolean flag(String option, boolean otherwise) {
        return switch (text(option, String.valueOf(otherwise))) {
            case "true" -> true;
            case "false" -> false;
            case String other -> throw new IllegalArgumentException(option + " must be true or false, got " + other);
        };
    }
}
