// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The computation of [MultiheadAttention] on rows, in two ways: on a pass, and step by step in plain loops.
///
/// @param appendedKeys   rows `[E]` that follow the keys of every sequence
/// @param appendedValues rows `[E]` that follow the values of every sequence
record AttentionBlock(Linear queryProjection, Linear keyProjection, Linear valueProjection, Attention attention,
        Linear outProjection, List<float[]> appendedKeys, List<float[]> appendedValues) {

    static AttentionBlock of(String name, MultiheadAttentionOptions options, Map<String, Tensor> state,
            Kernels kernels) {
        return new AttentionBlock(
                projection(StateDict.child(name, "q_proj"), "q_proj_weight", 0, options, state, kernels),
                projection(StateDict.child(name, "k_proj"), "k_proj_weight", 1, options, state, kernels),
                projection(StateDict.child(name, "v_proj"), "v_proj_weight", 2, options, state, kernels),
                Attention.of(StateDict.child(name, "attention"), options.numHeads(), options.embedDim()),
                linear(StateDict.child(name, "out_proj"), "out_proj", state, kernels),
                appended("bias_k", options, state), appended("bias_v", options, state));
    }

    /// The linear layer whose parameters are `key.weight` and, unless there is none, `key.bias`.
    static Linear linear(String name, String key, Map<String, Tensor> state, Kernels kernels) {
        Tensor bias = state.get(key + ".bias");
        return new Linear(name, kernels.pack(Arena.ofAuto(), state.get(key + ".weight").toMatrix(),
                bias == null ? null : bias.values()));
    }

    // Part 0, 1 or 2 of in_proj_weight, or a matrix of its own where keys or values have other features.
    private static Linear projection(String name, String own, int part, MultiheadAttentionOptions options,
            Map<String, Tensor> state, Kernels kernels) {
        int from = part * options.embedDim();
        int to = from + options.embedDim();
        Matrix weight = options.sameDims() ? state.get("in_proj_weight").toMatrix().rows(from, to)
                : state.get(own).toMatrix();                                                    // [E, in]
        float[] bias = options.bias() ? Arrays.copyOfRange(state.get("in_proj_bias").values(), from, to) : null;
        return new Linear(name, kernels.pack(Arena.ofAuto(), weight, bias));
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
            throw new IllegalStateException("add_bias_kv and add_zero_attn cannot be used in a pass; call forward"
                    + " with tensors");
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
