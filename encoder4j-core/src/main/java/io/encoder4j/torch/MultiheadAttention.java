// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Torch's `nn.MultiheadAttention` (Vaswani et al. 2017, section 3.2.2): project to queries, keys and values, split
/// into heads, `softmax(q · kᵀ / √D + masks) · v`, join the heads, project.
///
/// Letters: N sequences, L queries, S keys, E = `embedDim`, D = E / heads. Inputs are `[L, N, E]`, or `[N, L, E]` if
/// `batchFirst`, or unbatched `[L, E]`. A query that may attend to nothing gets weights and context of zero ([Masks]).
///
/// Immutable: parameters are copied in, and packed for the kernels once. Any number of threads may call it.
public final class MultiheadAttention {

    /// Torch's optional arguments of `forward`.
    ///
    /// @param masks              `attn_mask`, `key_padding_mask` and `is_causal`
    /// @param needWeights        `need_weights`: whether to give the attention weights too
    /// @param averageAttnWeights `average_attn_weights`: their mean over the heads rather than each head's
    public record Arguments(Masks masks, boolean needWeights, boolean averageAttnWeights) {

        /// Torch's defaults: no masks, averaged weights.
        public static final Arguments DEFAULTS = new Arguments(Masks.NONE, true, true);

        /// {@return these, with other masks}
        ///
        /// @param other the new value
        public Arguments withMasks(Masks other) {
            return new Arguments(other, needWeights, averageAttnWeights);
        }

        /// {@return these, with another `needWeights`}
        ///
        /// @param on the new value
        public Arguments withNeedWeights(boolean on) {
            return new Arguments(masks, on, averageAttnWeights);
        }

        /// {@return these, with another `averageAttnWeights`}
        ///
        /// @param on the new value
        public Arguments withAverageAttnWeights(boolean on) {
            return new Arguments(masks, needWeights, on);
        }
    }

    /// What `forward` gives.
    ///
    /// @param output  laid out as the query
    /// @param weights if asked for: `[N, L, S]` averaged, `[N, heads, L, S]` per head; without N if unbatched. S counts
    ///                what `addBiasKv` and `addZeroAttn` append
    public record Output(Tensor output, Optional<Tensor> weights) { }

    /// Every step of an attention, for looking at. N is 1 for unbatched input; S counts what is appended.
    ///
    /// @param q       queries `[N, heads, L, D]`
    /// @param k       keys `[N, heads, S, D]`
    /// @param v       values `[N, heads, S, D]`
    /// @param scores  `q · kᵀ / √D` plus the masks, `[N, heads, L, S]`
    /// @param probs   softmax of the scores, `[N, heads, L, S]`
    /// @param context `probs · v`, heads side by side, `[N, L, E]`
    /// @param output  the output projection of the context, laid out as the query
    public record Steps(Tensor q, Tensor k, Tensor v, Tensor scores, Tensor probs, Tensor context, Tensor output) { }

    private final MultiheadAttentionOptions options;
    private final SequencedMap<String, Tensor> state;
    private final Compute compute;
    private final AttentionBlock block;

    MultiheadAttention(String name, MultiheadAttentionOptions options, SequencedMap<String, Tensor> state, Compute compute) {
        this.options = options;
        this.state = state;
        this.compute = compute;
        this.block = AttentionBlock.of(name, options, state);
    }

    /// A module with first values drawn as torch draws them: `in_proj_weight` (or the three) `xavier_uniform_`, its
    /// bias and that of the output projection zero, `out_proj.weight` `kaiming_uniform_`, `bias_k` and `bias_v`
    /// `xavier_normal_`.
    ///
    /// @param options sizes and choices
    /// @param seed    the same seed gives the same parameters, though not torch's numbers for it
    /// @return the module
    public static MultiheadAttention init(MultiheadAttentionOptions options, long seed) {
        return load(options, StateDict.init(options.parameters(), seed));
    }

    /// {@return a module with the given parameters, under torch's names}
    ///
    /// @param options sizes and choices
    /// @param state   tensors by the name torch gives them
    /// @throws IllegalArgumentException listing every missing and unexpected name and every wrong shape
    public static MultiheadAttention load(MultiheadAttentionOptions options, Map<String, Tensor> state) {
        return load(options, state, Compute.choose());
    }

    /// {@return a module with the given parameters that computes with `compute`}
    ///
    /// @param options sizes and choices
    /// @param state   tensors by the name torch gives them
    /// @param compute the kernels and threads
    public static MultiheadAttention load(MultiheadAttentionOptions options, Map<String, Tensor> state, Compute compute) {
        return new MultiheadAttention("", options,
                StateDict.load("MultiheadAttention", options.parameters(), state), compute);
    }

    /// {@return the constructor's arguments}
    public MultiheadAttentionOptions options() {
        return options;
    }

    /// {@return the parameters by torch's names, in torch's order} They are not for writing: the weights are packed already.
    public SequencedMap<String, Tensor> stateDict() {
        return state;
    }

    /// Self-attention within each sequence, as part of a forward pass: `[T, E] → [T, E]`. A pass that keeps results
    /// finds `q_proj`, `k_proj`, `v_proj`, `attention` (the context) and `out_proj` below the module's name.
    ///
    /// @param x         `[T, E]`
    /// @param sequences where each sequence begins and ends
    /// @param bias      what is added to the scores
    /// @param pass      computes
    /// @return the output, and the weights if they are wanted
    /// @throws IllegalStateException if keys are appended, which the pass cannot express
    public Matrix forward(Matrix x, Sequences sequences, AttentionBias bias, Pass pass) {
        return block.forward(x, x, x, sequences, bias, pass);
    }

    /// Attends with torch's defaults: no masks, averaged weights.
    ///
    /// @param query `[L, N, E]`, `[N, L, E]` or `[L, E]`
    /// @param key   `[S, N, kdim]`, `[N, S, kdim]` or `[S, kdim]`
    /// @param value as key, with `vdim` features
    /// @return the output, and the weights if they are wanted
    public Output forward(Tensor query, Tensor key, Tensor value) {
        return forward(query, key, value, Arguments.DEFAULTS);
    }

    /// Attends.
    ///
    /// @param query     `[L, N, E]`, `[N, L, E]` or `[L, E]`
    /// @param key       `[S, N, kdim]`, `[N, S, kdim]` or `[S, kdim]`
    /// @param value     as key, with `vdim` features
    /// @param arguments masks, and which weights are wanted
    /// @return the output, and the weights if they are wanted
    /// @throws IllegalArgumentException if shapes do not fit, with the numbers
    public Output forward(Tensor query, Tensor key, Tensor value, Arguments arguments) {
        Call call = Call.of(options, query, key, value, arguments.masks);
        boolean average = arguments.averageAttnWeights;
        boolean batched = call.queries.batched();
        // Kernels know attention among as many keys as queries; the rest is done plainly.
        if (call.queries.length() != call.keys.length() || block.appendsKeys()) {
            Steps steps = steps(query, key, value, call);
            return new Output(steps.output, arguments.needWeights
                    ? Optional.of(WeightsPass.shaped(steps.probs, batched, average)) : Optional.empty());
        }
        try (InferencePass inference = compute.pass()) {
            WeightsPass keeping = new WeightsPass(inference);
            Matrix out = block.forward(call.queries.toRows(query), call.keys.toRows(key), call.keys.toRows(value),
                    call.queries.sequences(), call.mask.bias(), arguments.needWeights ? keeping : inference);
            return new Output(call.queries.toTensor(out), arguments.needWeights
                    ? Optional.of(keeping.weights(0, batched, average)) : Optional.empty());
        }
    }

    /// Attends in plain loops and gives every step: the definition that the kernels are tested against.
    ///
    /// @param query `[L, N, E]`, `[N, L, E]` or `[L, E]`
    /// @param key   `[S, N, kdim]`, `[N, S, kdim]` or `[S, kdim]`
    /// @param value as key, with `vdim` features
    /// @param masks which tokens are seen
    /// @return every intermediate
    public Steps steps(Tensor query, Tensor key, Tensor value, Masks masks) {
        return steps(query, key, value, Call.of(options, query, key, value, masks));
    }

    private Steps steps(Tensor query, Tensor key, Tensor value, Call call) {
        try (InferencePass pass = compute.pass()) {
            return block.steps(call.queries.toRows(query), call.keys.toRows(key), call.keys.toRows(value),
                    call.queries, call.keys, call.mask, pass);
        }
    }

    /// The layouts and masks of one call, checked.
    private record Call(Layout queries, Layout keys, MergedMask mask) {

        static Call of(MultiheadAttentionOptions options, Tensor query, Tensor key, Tensor value, Masks masks) {
            Layout queries = Layout.of("query", query, options.batchFirst(), options.embedDim());
            Layout keys = Layout.of("key", key, options.batchFirst(), options.kdim());
            Layout values = Layout.of("value", value, options.batchFirst(), options.vdim());
            if (!keys.equals(values) || keys.count() != queries.count() || keys.batched() != queries.batched()) {
                throw new IllegalArgumentException("query, key and value do not fit together: "
                        + Arrays.toString(query.shape()) + ", " + Arrays.toString(key.shape()) + ", "
                        + Arrays.toString(value.shape()) + " with batch_first=" + options.batchFirst());
            }
            return new Call(queries, keys, MergedMask.of(masks, new MergedMask.Sizes(queries.count(),
                    options.numHeads(), queries.length(), keys.length(), queries.batched())));
        }
    }
}
