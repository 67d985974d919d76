// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.tensor.WeightView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The arithmetic of [MultiheadAttention] on rows: once for a pass, once step by step.
///
/// @param appendedKeys   rows `[E]` that follow the keys of every sequence
/// @param appendedValues rows `[E]` that follow the values of every sequence
record AttentionBlock(Linear queryProjection, Linear keyProjection, Linear valueProjection, Attention attention,
        Linear outProjection, List<float[]> appendedKeys, List<float[]> appendedValues) {

    static AttentionBlock of(String name, MultiheadAttentionOptions options, Map<String, Tensor> state) {
        List<Linear> projections = options.sameDims() ? stacked(name, options, state)
                : List.of(own(name, "q_proj", 0, options, state), own(name, "k_proj", 1, options, state),
                        own(name, "v_proj", 2, options, state));
        return new AttentionBlock(projections.get(0), projections.get(1), projections.get(2),
                Attention.of(StateDict.child(name, "attention"), options.numHeads(), options.embedDim()),
                linear(StateDict.child(name, "out_proj"), "out_proj", state),
                appended("bias_k", options, state), appended("bias_v", options, state));
    }

    /// The linear layer whose parameters are `key.weight` and, unless there is none, `key.bias`.
    static Linear linear(String name, String key, Map<String, Tensor> state) {
        String bias = key + ".bias";
        return new Linear(name, parameter(key + ".weight", state), state.containsKey(bias) ? parameter(bias, state) : null);
    }

    private static Parameter parameter(String key, Map<String, Tensor> state) {
        Tensor tensor = Objects.requireNonNull(state.get(key), key);
        return Parameter.of(key, tensor.values(), tensor.shape());
    }

    // Queries, keys and values from the three parts of in_proj_weight.
    private static List<Linear> stacked(String name, MultiheadAttentionOptions options, Map<String, Tensor> state) {
        Parameter weight = parameter("in_proj_weight", state);                                  // [3E, E]
        Parameter bias = options.bias() ? parameter("in_proj_bias", state) : null;              // [3E]
        List<Linear> projections = new ArrayList<>();
        for (String child : List.of("q_proj", "k_proj", "v_proj")) {
            int from = projections.size() * options.embedDim();
            int to = from + options.embedDim();
            projections.add(new Linear(StateDict.child(name, child), new LinearWeights(new WeightView.Rows(weight, from, to),
                    bias == null ? null : new LinearWeights.Bias(bias, from, to))));
        }
        return projections;
    }

    // A weight of its own, where keys or values have other features, and a part of in_proj_bias.
    private static Linear own(String name, String child, int part, MultiheadAttentionOptions options,
            Map<String, Tensor> state) {
        int from = part * options.embedDim();
        return new Linear(StateDict.child(name, child), new LinearWeights(
                new WeightView.Rows(parameter(child + "_weight", state)),                       // [E, in]
                !options.bias() ? null
                        : new LinearWeights.Bias(parameter("in_proj_bias", state), from, from + options.embedDim())));
    }

    // Torch appends the learned row first, then the zeros.
    private static List<float[]> appended(String learned, MultiheadAttentionOptions options,
            Map<String, Tensor> state) {
        List<float[]> rows = new ArrayList<>();
        if (options.addBiasKv()) {
            rows.add(state.get(learned).values());
        }
        if (options.addZeroAttn()) {
            rows.add(new float[options.embedDim()]);
        }
        return List.copyOf(rows);
    }

    boolean appendsKeys() {
        return !appendedKeys.isEmpty();
    }

    Matrix forward(Matrix query, Matrix key, Matrix value, Sequences sequences, AttentionBias bias, Pass pass) {
        if (appendsKeys()) {
            throw new IllegalStateException("add_bias_kv and add_zero_attn have no place in a pass; call with tensors");
        }
        Matrix q = pass.linear(queryProjection, query);                                         // [T, E]
        Matrix k = pass.linear(keyProjection, key);                                             // [T, E]
        Matrix v = pass.linear(valueProjection, value);                                         // [T, E]
        Matrix context = pass.attention(attention, q, k, v, sequences, bias);                   // [T, E]
        return pass.linear(outProjection, context);                                             // [T, E]
    }

    MultiheadAttention.Steps steps(Matrix query, Matrix key, Matrix value, Layout queries, Layout keys,
            MergedMask mask, Pass pass) {
        StepwiseAttention plain = new StepwiseAttention(queries, keys, attention, mask);
        Tensor q = plain.heads(pass.linear(queryProjection, query), queries.length(), List.of()); // [N, heads, L, D]
        Tensor k = plain.heads(pass.linear(keyProjection, key), keys.length(), appendedKeys);     // [N, heads, S, D]
        Tensor v = plain.heads(pass.linear(valueProjection, value), keys.length(), appendedValues);
        Tensor scores = plain.scores(q, k);                                                       // [N, heads, L, S]
        Tensor probs = plain.softmax(scores);                                                     // [N, heads, L, S]
        Tensor context = plain.context(probs, v);                                                 // [N, L, E]
        Matrix out = pass.linear(outProjection, context.toMatrix());                              // [N·L, E]
        return new MultiheadAttention.Steps(q, k, v, scores, probs, context, queries.toTensor(out));
    }
}
