// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import java.util.ArrayList;
import java.util.List;

/// The constructor arguments of torch's `nn.MultiheadAttention`.
///
/// @param embedDim    `embed_dim`: features of the queries and of the output, E
/// @param numHeads    `num_heads`; E must be a multiple of it
/// @param dropout     `dropout` of the weights, 0 to 1; the identity outside training
/// @param bias        `bias`: whether the projections have one
/// @param addBiasKv   `add_bias_kv`: a learned key and value are appended to every sequence
/// @param addZeroAttn `add_zero_attn`: a key and value of zeros are appended to every sequence
/// @param kdim        `kdim`: features of the keys
/// @param vdim        `vdim`: features of the values
/// @param batchFirst  `batch_first`: `[N, L, E]` rather than `[L, N, E]`
public record MultiheadAttentionOptions(int embedDim, int numHeads, float dropout, boolean bias, boolean addBiasKv,
        boolean addZeroAttn, int kdim, int vdim, boolean batchFirst) {

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException with the offending numbers
    public MultiheadAttentionOptions {
        if (embedDim < 1 || numHeads < 1) {
            throw new IllegalArgumentException("embed_dim and num_heads must be greater than 0, got embed_dim="
                    + embedDim + " and num_heads=" + numHeads);
        }
        if (embedDim % numHeads != 0) {
            throw new IllegalArgumentException("embed_dim must be divisible by num_heads, got embed_dim="
                    + embedDim + " and num_heads=" + numHeads);
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException("dropout probability has to be between 0 and 1, but got " + dropout);
        }
        if (kdim < 1 || vdim < 1) {
            throw new IllegalArgumentException("kdim and vdim must be greater than 0, got kdim=" + kdim
                    + " and vdim=" + vdim);
        }
    }

    /// {@return Torch's defaults: no dropout, bias, nothing appended, keys and values of E features, sequence first}
    ///
    /// @param embedDim E, features of a query
    /// @param numHeads number of heads
    public static MultiheadAttentionOptions of(int embedDim, int numHeads) {
        return new MultiheadAttentionOptions(embedDim, numHeads, 0, true, false, false, embedDim, embedDim, false);
    }

    /// {@return these, with another `dropout`}
    ///
    /// @param p the probability
    public MultiheadAttentionOptions withDropout(float p) {
        return new MultiheadAttentionOptions(embedDim, numHeads, p, bias, addBiasKv, addZeroAttn, kdim, vdim, batchFirst);
    }

    /// {@return these, with another `bias`}
    ///
    /// @param on the new value
    public MultiheadAttentionOptions withBias(boolean on) {
        return new MultiheadAttentionOptions(embedDim, numHeads, dropout, on, addBiasKv, addZeroAttn, kdim, vdim, batchFirst);
    }

    /// {@return these, with another `addBiasKv`}
    ///
    /// @param on the new value
    public MultiheadAttentionOptions withAddBiasKv(boolean on) {
        return new MultiheadAttentionOptions(embedDim, numHeads, dropout, bias, on, addZeroAttn, kdim, vdim, batchFirst);
    }

    /// {@return these, with another `addZeroAttn`}
    ///
    /// @param on the new value
    public MultiheadAttentionOptions withAddZeroAttn(boolean on) {
        return new MultiheadAttentionOptions(embedDim, numHeads, dropout, bias, addBiasKv, on, kdim, vdim, batchFirst);
    }

    /// {@return these, with another `kdim`}
    ///
    /// @param features features of a key
    public MultiheadAttentionOptions withKdim(int features) {
        return new MultiheadAttentionOptions(embedDim, numHeads, dropout, bias, addBiasKv, addZeroAttn, features, vdim, batchFirst);
    }

    /// {@return these, with another `vdim`}
    ///
    /// @param features features of a value
    public MultiheadAttentionOptions withVdim(int features) {
        return new MultiheadAttentionOptions(embedDim, numHeads, dropout, bias, addBiasKv, addZeroAttn, kdim, features, batchFirst);
    }

    /// {@return these, with another `batchFirst`}
    ///
    /// @param on the new value
    public MultiheadAttentionOptions withBatchFirst(boolean on) {
        return new MultiheadAttentionOptions(embedDim, numHeads, dropout, bias, addBiasKv, addZeroAttn, kdim, vdim, on);
    }

    boolean sameDims() {
        return kdim == embedDim && vdim == embedDim;
    }

    /// The parameters torch registers, in its order.
    List<ParameterSpec> parameters() {
        int e = embedDim;
        List<ParameterSpec> all = new ArrayList<>();
        if (sameDims()) {
            all.add(new ParameterSpec("in_proj_weight", ParameterSpec.xavierUniform(e, 3 * e), 3 * e, e));
        } else {
            all.add(new ParameterSpec("q_proj_weight", ParameterSpec.xavierUniform(e, e), e, e));
            all.add(new ParameterSpec("k_proj_weight", ParameterSpec.xavierUniform(kdim, e), e, kdim));
            all.add(new ParameterSpec("v_proj_weight", ParameterSpec.xavierUniform(vdim, e), e, vdim));
        }
        if (bias) {
            all.add(new ParameterSpec("in_proj_bias", ParameterSpec.ZEROS, 3 * e));
        }
        if (addBiasKv) {
            // Torch counts E twice here: as fan-in and as fan-out of a tensor of shape [1, 1, E].
            all.add(new ParameterSpec("bias_k", ParameterSpec.xavierNormal(e, e), 1, 1, e));
            all.add(new ParameterSpec("bias_v", ParameterSpec.xavierNormal(e, e), 1, 1, e));
        }
        all.add(new ParameterSpec("out_proj.weight", ParameterSpec.linear(e), e, e));
        if (bias) {
            all.add(new ParameterSpec("out_proj.bias", ParameterSpec.ZEROS, e));
        }
        return all;
    }
}
