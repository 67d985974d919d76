// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/// Torch's `nn.TransformerEncoderLayer` (Vaswani et al. 2017, section 3.1): self-attention, add and norm, feed-forward,
/// add and norm; or, with `normFirst`, each norm before its half (Xiong et al. 2020).
///
/// Letters: N sequences, S tokens of each, E = `dModel`, F = `dimFeedforward`. Input and output are `[S, N, E]`, or
/// `[N, S, E]` if `batchFirst`, or unbatched `[S, E]`. Every token gets a result, padding too, as in torch outside its
/// nested-tensor fast path.
///
/// Immutable: parameters are copied in, and packed for the kernels once. Any number of threads may call it.
public final class TransformerEncoderLayer {

    /// The result together with the attention weights.
    ///
    /// @param output  laid out as the input
    /// @param weights `[N, heads, S, S]` per head, `[N, S, S]` averaged; without N if unbatched
    public record Output(Tensor output, Tensor weights) { }

    private final String name;
    private final TransformerEncoderLayerOptions options;
    private final SequencedMap<String, Tensor> state;
    private final Compute compute;
    private final MultiheadAttention selfAttention;
    private final io.encoder4j.nn.LayerNorm norm1;
    private final Linear linear1;
    private final Activation activation;
    private final Linear linear2;
    private final io.encoder4j.nn.LayerNorm norm2;

    TransformerEncoderLayer(String name, TransformerEncoderLayerOptions options, SequencedMap<String, Tensor> state, Compute compute) {
        this.name = name;
        this.options = options;
        this.state = state;
        this.compute = compute;
        selfAttention = new MultiheadAttention(StateDict.child(name, "self_attn"), options.attention(),
                StateDict.below("self_attn", state), compute);
        norm1 = options.norm().load(StateDict.below("norm1", state)).onRows(StateDict.child(name, "norm1"));
        linear1 = AttentionBlock.linear(StateDict.child(name, "linear1"), "linear1", state);
        activation = new Activation(StateDict.child(name, "activation"), options.activation());
        linear2 = AttentionBlock.linear(StateDict.child(name, "linear2"), "linear2", state);
        norm2 = options.norm().load(StateDict.below("norm2", state)).onRows(StateDict.child(name, "norm2"));
    }

    /// {@return a layer with first values drawn as torch draws them: attention as [MultiheadAttention#init], the weights and
    /// biases of the two linear layers U(±1/√in), norms one and zero}
    ///
    /// @param options sizes and choices
    /// @param seed    the same seed gives the same parameters, though not torch's numbers for it
    public static TransformerEncoderLayer init(TransformerEncoderLayerOptions options, long seed) {
        return load(options, StateDict.init(options.parameters(), seed));
    }

    /// {@return a layer with the given parameters, under torch's names}
    ///
    /// @param options sizes and choices
    /// @param state   tensors by the name torch gives them
    /// @throws IllegalArgumentException listing every missing and unexpected name and every wrong shape
    public static TransformerEncoderLayer load(TransformerEncoderLayerOptions options, Map<String, Tensor> state) {
        return load(options, state, Compute.choose());
    }

    /// {@return a layer with the given parameters that computes with `compute`}
    ///
    /// @param options sizes and choices
    /// @param state   tensors by the name torch gives them
    /// @param compute the kernels and threads
    public static TransformerEncoderLayer load(TransformerEncoderLayerOptions options, Map<String, Tensor> state, Compute compute) {
        return new TransformerEncoderLayer("", options,
                StateDict.load("TransformerEncoderLayer", options.parameters(), state), compute);
    }

    /// {@return the constructor's arguments}
    public TransformerEncoderLayerOptions options() {
        return options;
    }

    /// {@return the parameters by torch's names, in torch's order} They are not for writing: the weights are packed already.
    public SequencedMap<String, Tensor> stateDict() {
        return state;
    }

    /// {@return the attention of this layer, `self_attn`}
    public MultiheadAttention selfAttention() {
        return selfAttention;
    }

    Compute compute() {
        return compute;
    }

    /// The layer as part of a forward pass: `[T, E] → [T, E]`. A pass that keeps results finds, below the layer's name,
    /// `self_attn.q_proj`, `.k_proj`, `.v_proj`, `.attention` (the context), `.out_proj`, then `norm1`, `linear1`,
    /// `activation`, `linear2`, `norm2`, in the order computed.
    ///
    /// @param x         `[T, E]`
    /// @param sequences where each sequence begins and ends
    /// @param bias      what is added to the scores
    /// @param pass      computes
    /// @return the shape of the input
    public Matrix forward(Matrix x, Sequences sequences, AttentionBias bias, Pass pass) {
        if (options.normFirst()) {
            Matrix attended = attend(pass.layerNorm(norm1, x), sequences, bias, pass);          // [T, E]
            x = pass.add(x, attended);                                                          // [T, E]
            return pass.layer(name, pass.add(x, feed(pass.layerNorm(norm2, x), pass)));         // [T, E]
        }
        x = pass.layerNorm(norm1, pass.add(x, attend(x, sequences, bias, pass)));               // [T, E]
        return pass.layer(name, pass.layerNorm(norm2, pass.add(x, feed(x, pass))));             // [T, E]
    }

    private Matrix attend(Matrix x, Sequences sequences, AttentionBias bias, Pass pass) {
        return pass.dropout(selfAttention.forward(x, sequences, bias, pass), options.dropout());  // [T, E]
    }

    private Matrix feed(Matrix x, Pass pass) {
        Matrix h = pass.dropout(pass.linear(linear1, x, activation), options.dropout());          // [T, F]
        return pass.dropout(pass.linear(linear2, h), options.dropout());                          // [T, E]
    }

    /// Encodes without masks.
    ///
    /// @param src the input, `[S, N, E]`, `[N, S, E]` or `[S, E]`
    /// @return the shape of the input
    public Tensor forward(Tensor src) {
        return forward(src, Masks.NONE);
    }

    /// Encodes.
    ///
    /// @param src   `[S, N, E]`, `[N, S, E]` or `[S, E]`
    /// @param masks which tokens are seen
    /// @return the shape of the input
    /// @throws IllegalArgumentException if shapes do not fit, with the numbers
    public Tensor forward(Tensor src, Masks masks) {
        try (InferencePass pass = compute.pass()) {
            return TensorCall.of(options, src, masks).run(this::forward, pass);
        }
    }

    /// Encodes and gives the attention weights, which torch's layer cannot.
    ///
    /// @param src     the input, `[S, N, E]`, `[N, S, E]` or `[S, E]`
    /// @param masks   which tokens are seen
    /// @param average the mean over the heads rather than each head's
    /// @return the output and the attention weights
    public Output forwardWithWeights(Tensor src, Masks masks, boolean average) {
        try (InferencePass inference = compute.pass()) {
            WeightsPass pass = new WeightsPass(inference);
            TensorCall call = TensorCall.of(options, src, masks);
            Tensor output = call.run(this::forward, pass);
            return new Output(output, pass.weights(0, call.layout().batched(), average));
        }
    }
}
