// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.tensor.StandardActivation;

/// GTE (Zhang et al. 2024, "mGTE"): a [RotaryBert] with a GELU gate, in transformers `GteModel`, and in its authors' own code,
/// whose `model_type` is `new` and whose weights have the same names below another prefix.
///
/// Options of that code that no published checkpoint uses are refused: logn scaling of scores, RMS norms, unpacked queries,
/// keys and values.
final class Gte {

    private static final double THETA = 160_000;

    private Gte() { }

    static Encoder load(ModelConfig json, Weights weights) {
        json.only("layer_norm_type", "layer_norm");
        json.only("logn_attention_scale", false);
        json.only("pack_qkv", true);
        json.only("is_decoder", false);
        RotaryBert.Config config = RotaryBert.Config.read(json, "gelu", 1e-12, 1, THETA);
        RotaryBert gte = RotaryBert.load(config, weights, new RotaryBert.Names("embeddings.LayerNorm", "encoder.layer",
                "attention.qkv_proj", "attention.o_proj", "attn_ln", "mlp_ln", w -> gate(config, w))).withBertHeads();
        gte.heads().withMaskedLm("lm_head.dense", "lm_head.norm", "lm_head", StandardActivation.GELU, config.layerNormEps(),
                config.hiddenSize(), gte.embeddings().words());
        return gte;
    }

    private static FeedForward gate(RotaryBert.Config config, Weights w) {
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        // What is let through comes first, what the activation is applied to second.
        return new GatedUnit(w.at("mlp.up_gate_proj", "mlp.gate_proj").linearPart(hidden, intermediate, 1, 2),
                new Activation(w.at("mlp.act_fn").name(), config.hiddenAct()),
                w.at("mlp.up_gate_proj", "mlp.up_proj").linearPart(hidden, intermediate, 0, 2),
                w.at("mlp.down_proj").linearWithBias(intermediate, hidden));
    }
}
