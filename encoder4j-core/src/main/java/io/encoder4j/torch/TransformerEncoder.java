// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Torch's `nn.TransformerEncoder`: layers applied one after the other, and perhaps a norm at the end (which a stack of
/// `normFirst` layers needs, and which torch does not add by itself either).
///
/// Torch's `enable_nested_tensor` and `mask_check` choose between ways to compute and have no counterpart: tokens at
/// padded positions always get a result, as in torch without its nested-tensor fast path.
///
/// Immutable, as its layers. Any number of threads may call it.
public final class TransformerEncoder {

    /// The result together with the attention weights, which torch's own stack cannot give.
    ///
    /// @param output  laid out as the input
    /// @param weights of each layer: `[N, heads, S, S]` per head, `[N, S, S]` averaged; without N if unbatched
    public record Output(Tensor output, List<Tensor> weights) { }

    private final SequencedMap<String, Tensor> state;
    private final List<TransformerEncoderLayer> layers;
    private final io.encoder4j.nn.@Nullable LayerNorm norm;
    private final Compute compute;

    private TransformerEncoder(TransformerEncoderLayerOptions options, int numLayers, @Nullable LayerNorm norm,
            SequencedMap<String, Tensor> state, Compute compute) {
        this.state = state;
        this.compute = compute;
        this.layers = IntStream.range(0, numLayers).mapToObj(i -> new TransformerEncoderLayer("layers." + i, options,
                StateDict.below("layers." + i, state), compute)).toList();
        this.norm = norm == null ? null : norm.load(StateDict.below("norm", state)).onRows("norm");
    }

    /// {@return `numLayers` copies of a layer, and perhaps a norm} As in torch, the copies are deep and all layers start
    /// identical; for layers of their own [#load] a state dict.
    ///
    /// @param layer     copied for each layer
    /// @param numLayers number of layers
    /// @param norm      applied at the end, or null for none
    /// @throws IllegalArgumentException if there is no layer or the norm has another size
    public static TransformerEncoder of(TransformerEncoderLayer layer, int numLayers, @Nullable LayerNorm norm) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < numLayers; i++) {
            String prefix = "layers." + i + ".";
            layer.stateDict().forEach((name, tensor) -> state.put(prefix + name, tensor));
        }
        if (norm != null) {
            norm.stateDict().forEach((name, tensor) -> state.put("norm." + name, tensor));
        }
        return load(layer.options(), numLayers, norm, state, layer.compute());
    }

    /// A stack with the given parameters, under torch's names: `layers.0.self_attn.in_proj_weight`, …
    ///
    /// @param options   sizes and choices of each layer
    /// @param numLayers number of layers
    /// @param norm      says that there is a norm at the end, and its eps; its parameters come from the state dict
    /// @param state     tensors by the name torch gives them
    /// @return the stack
    /// @throws IllegalArgumentException listing every missing and unexpected name and every wrong shape
    public static TransformerEncoder load(TransformerEncoderLayerOptions options, int numLayers,
            @Nullable LayerNorm norm, Map<String, Tensor> state) {
        return load(options, numLayers, norm, state, Compute.choose());
    }

    /// A stack with the given parameters that computes with `compute`.
    ///
    /// @param options   sizes and choices of each layer
    /// @param numLayers number of layers
    /// @param norm      after the last layer, or null
    /// @param state     tensors by the name torch gives them
    /// @param compute   the kernels and threads
    /// @return the stack
    public static TransformerEncoder load(TransformerEncoderLayerOptions options, int numLayers,
            @Nullable LayerNorm norm, Map<String, Tensor> state, Compute compute) {
        if (numLayers < 1) {
            throw new IllegalArgumentException("num_layers must be greater than 0, got " + numLayers);
        }
        if (norm != null && (norm.normalizedShape().length != 1 || norm.size() != options.dModel())) {
            throw new IllegalArgumentException("the final norm is over " + Arrays.toString(
                    norm.normalizedShape()) + ", the layers have d_model=" + options.dModel());
        }
        List<ParameterSpec> parameters = new ArrayList<>();
        for (int i = 0; i < numLayers; i++) {
            String layer = "layers." + i;
            options.parameters().forEach(p -> parameters.add(p.below(layer)));
        }
        if (norm != null) {
            norm.parameters().forEach(p -> parameters.add(p.below("norm")));
        }
        return new TransformerEncoder(options, numLayers, norm,
                StateDict.load("TransformerEncoder", parameters, state), compute);
    }

    /// {@return the arguments all layers were made with}
    public TransformerEncoderLayerOptions options() {
        return layers.getFirst().options();
    }

    /// {@return the layers, first to last}
    public List<TransformerEncoderLayer> layers() {
        return layers;
    }

    /// {@return the parameters by torch's names, in torch's order} They are not for writing: the weights are packed already.
    public SequencedMap<String, Tensor> stateDict() {
        return state;
    }

    /// The stack as part of a forward pass: `[T, E] → [T, E]`. A pass that keeps results finds each layer's below
    /// `layers.i`, and the final norm under `norm`.
    ///
    /// @param x         `[T, E]`
    /// @param sequences where each sequence begins and ends
    /// @param bias      what is added to the scores
    /// @param pass      computes
    /// @return the shape of the input
    public Matrix forward(Matrix x, Sequences sequences, AttentionBias bias, Pass pass) {
        for (TransformerEncoderLayer layer : layers) {
            x = layer.forward(x, sequences, bias, pass);                                        // [T, E]
        }
        return norm == null ? x : pass.layerNorm(norm, x);                                      // [T, E]
    }

    /// Encodes without masks.
    ///
    /// @param src the input, `[S, N, E]`, `[N, S, E]` or `[S, E]`
    /// @return the shape of the input
    public Tensor forward(Tensor src) {
        return forward(src, Masks.NONE);
    }

    /// Encodes; the masks hold in every layer.
    ///
    /// @param src   `[S, N, E]`, `[N, S, E]` or `[S, E]`
    /// @param masks which tokens are seen
    /// @return the shape of the input
    /// @throws IllegalArgumentException if shapes do not fit, with the numbers
    public Tensor forward(Tensor src, Masks masks) {
        try (InferencePass pass = compute.pass()) {
            return TensorCall.of(options(), src, masks).run(this::forward, pass);
        }
    }

    /// Encodes and gives every layer's attention weights.
    ///
    /// @param src     the input, `[S, N, E]`, `[N, S, E]` or `[S, E]`
    /// @param masks   which tokens are seen
    /// @param average the mean over the heads rather than each head's
    /// @return the output and each layer's attention weights
    public Output forwardWithWeights(Tensor src, Masks masks, boolean average) {
        try (InferencePass inference = compute.pass()) {
            WeightsPass pass = new WeightsPass(inference);
            TensorCall call = TensorCall.of(options(), src, masks);
            Tensor output = call.run(this::forward, pass);
            return new Output(output, IntStream.range(0, layers.size())
                    .mapToObj(i -> pass.weights(i, call.layout().batched(), average)).toList());
        }
    }
}
