// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.StandardActivation;
import java.util.ArrayList;
import java.util.List;

/// The constructor arguments of torch's `nn.TransformerEncoderLayer`.
///
/// @param dModel         `d_model`: features of a token E
/// @param nhead          `nhead`: number of heads; E must be a multiple of it
/// @param dimFeedforward `dim_feedforward`: features between the two linear layers F
/// @param dropout        `dropout`, 0 to 1; the identity outside training
/// @param activation     `activation` between the two linear layers: any function, the fast ones being those of
///                       [StandardActivation]
/// @param layerNormEps   `layer_norm_eps`
/// @param batchFirst     `batch_first`: `[N, S, E]` rather than `[S, N, E]`
/// @param normFirst      `norm_first`: normalise before each half rather than after its sum
/// @param bias           `bias`: whether linear layers and norms have one
public record TransformerEncoderLayerOptions(int dModel, int nhead, int dimFeedforward, float dropout, ActivationFunction activation,
        float layerNormEps, boolean batchFirst, boolean normFirst, boolean bias) {

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException with the offending numbers
    public TransformerEncoderLayerOptions {
        if (dModel < 1 || nhead < 1 || dimFeedforward < 1) {
            throw new IllegalArgumentException("d_model, nhead and dim_feedforward must be greater than 0, got "
                    + "d_model=" + dModel + ", nhead=" + nhead + " and dim_feedforward=" + dimFeedforward);
        }
        if (dModel % nhead != 0) {
            throw new IllegalArgumentException("d_model must be divisible by nhead, got d_model=" + dModel
                    + " and nhead=" + nhead);
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException("dropout probability has to be between 0 and 1, but got " + dropout);
        }
        if (!(layerNormEps >= 0)) {
            throw new IllegalArgumentException("layer_norm_eps must not be negative, got " + layerNormEps);
        }
    }

    /// {@return Torch's defaults: 2048 features between, dropout 0.1, relu, eps 1e-5, sequence first, norm after, bias}
    ///
    /// @param dModel E, features of a token
    /// @param nhead  number of heads
    public static TransformerEncoderLayerOptions of(int dModel, int nhead) {
        return new TransformerEncoderLayerOptions(dModel, nhead, 2048, 0.1f, StandardActivation.RELU, LayerNorm.DEFAULT_EPS, false, false,
                true);
    }

    /// {@return these, with another `dimFeedforward`}
    ///
    /// @param f features between the two linear layers
    public TransformerEncoderLayerOptions withDimFeedforward(int f) {
        return new TransformerEncoderLayerOptions(dModel, nhead, f, dropout, activation, layerNormEps, batchFirst, normFirst, bias);
    }

    /// {@return these, with another `dropout`}
    ///
    /// @param p the probability
    public TransformerEncoderLayerOptions withDropout(float p) {
        return new TransformerEncoderLayerOptions(dModel, nhead, dimFeedforward, p, activation, layerNormEps, batchFirst, normFirst, bias);
    }

    /// {@return these, with another `activation`}
    ///
    /// @param f the function between the two linear layers
    public TransformerEncoderLayerOptions withActivation(ActivationFunction f) {
        return new TransformerEncoderLayerOptions(dModel, nhead, dimFeedforward, dropout, f, layerNormEps, batchFirst, normFirst, bias);
    }

    /// {@return these, with the activation torch has under this name: `relu`, or `gelu` with the exact error function}
    ///
    /// @param name as torch writes it: `relu` or `gelu`
    /// @throws IllegalArgumentException for any other name, as in torch
    public TransformerEncoderLayerOptions withActivation(String name) {
        return withActivation(switch (name) {
            case "relu" -> StandardActivation.RELU;
            case "gelu" -> StandardActivation.GELU;
            default -> throw new IllegalArgumentException("activation should be relu/gelu, not " + name
                    + "; give any other as a function");
        });
    }

    /// {@return these, with another `layerNormEps`}
    ///
    /// @param eps added to the variance before the root is taken
    public TransformerEncoderLayerOptions withLayerNormEps(float eps) {
        return new TransformerEncoderLayerOptions(dModel, nhead, dimFeedforward, dropout, activation, eps, batchFirst, normFirst, bias);
    }

    /// {@return these, with another `batchFirst`}
    ///
    /// @param on the new value
    public TransformerEncoderLayerOptions withBatchFirst(boolean on) {
        return new TransformerEncoderLayerOptions(dModel, nhead, dimFeedforward, dropout, activation, layerNormEps, on, normFirst, bias);
    }

    /// {@return these, with another `normFirst`}
    ///
    /// @param on the new value
    public TransformerEncoderLayerOptions withNormFirst(boolean on) {
        return new TransformerEncoderLayerOptions(dModel, nhead, dimFeedforward, dropout, activation, layerNormEps, batchFirst, on, bias);
    }

    /// {@return these, with another `bias`}
    ///
    /// @param on the new value
    public TransformerEncoderLayerOptions withBias(boolean on) {
        return new TransformerEncoderLayerOptions(dModel, nhead, dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst,
                on);
    }

    MultiheadAttentionOptions attention() {
        return MultiheadAttentionOptions.of(dModel, nhead).withDropout(dropout).withBias(bias)
                .withBatchFirst(batchFirst);
    }

    LayerNorm norm() {
        return LayerNorm.of(new int[] {dModel}, layerNormEps, true, bias);
    }

    /// The parameters torch registers, in its order.
    List<ParameterSpec> parameters() {
        List<ParameterSpec> all = new ArrayList<>();
        attention().parameters().forEach(p -> all.add(p.below("self_attn")));
        addLinear(all, "linear1", dModel, dimFeedforward);
        addLinear(all, "linear2", dimFeedforward, dModel);
        norm().parameters().forEach(p -> all.add(p.below("norm1")));
        norm().parameters().forEach(p -> all.add(p.below("norm2")));
        return all;
    }

    private void addLinear(List<ParameterSpec> all, String name, int in, int out) {
        all.add(new ParameterSpec(name + ".weight", ParameterSpec.linear(in), out, in));
        if (bias) {
            all.add(new ParameterSpec(name + ".bias", ParameterSpec.linear(in), out));
        }
    }
}
