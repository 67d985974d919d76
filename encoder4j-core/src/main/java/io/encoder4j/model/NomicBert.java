// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Rope;
import io.encoder4j.tensor.StandardActivation;

/// NomicBERT (Nussbaum et al. 2024): a [RotaryBert] with a SiLU gate, in transformers `NomicBertModel`. Its authors' own code
/// keeps the weights by the same names, but writes GPT-2's keys into config.json: `n_embd`, `n_head`, `n_inner`, `n_layer`.
///
/// Of that code, what its published dense checkpoints do not use is refused by name; so are mixtures of experts.
final class NomicBert {

    private static final double THETA = 1000;

    private NomicBert() { }

    static Encoder load(ModelConfig json, Weights weights) {
        if (json.index("num_experts", 0) > 0) {
            json.problem("num_experts " + json.index("num_experts", 0) + " is not supported, nor any mixture of experts; version 1"
                    + " and 1.5 of nomic-embed-text have none");
        }
        RotaryBert.Config config = json.has("n_embd") ? authorsConfig(json)
                : RotaryBert.Config.read(json, "silu", 1e-12, 2, THETA);
        boolean gated = weights.at("encoder.layers.0.mlp.fc11").exists();
        RotaryBert nomic = RotaryBert.load(config, weights, new RotaryBert.Names("emb_ln", "encoder.layers", "attn.Wqkv",
                "attn.out_proj", "norm1", "norm2", w -> gated ? gate(config, w) : plain(config, w))).withBertHeads();
        nomic.heads().withMaskedLm("cls.predictions.transform.dense", "cls.predictions.transform.layer_norm",
                "cls.predictions", config.hiddenAct(), config.layerNormEps(), config.hiddenSize(),
                nomic.embeddings().words());
        return nomic;
    }

    private static RotaryBert.Config authorsConfig(ModelConfig json) {
        json.only("prenorm", false);
        json.only("parallel_block", false);
        json.only("use_rms_norm", false);
        json.only("rotary_emb_scale_base");
        json.only("causal", false);
        int hidden = json.size("n_embd");
        int heads = json.size("n_head");
        String function = json.text("activation_function", "gelu");
        return new RotaryBert.Config(json.size("vocab_size"), hidden, json.size("n_layer"), heads,
                json.size("n_inner", 4 * hidden), json.size("n_positions", 8192), json.index("type_vocab_size", 0),
                switch (function) {
                    case "swiglu" -> StandardActivation.SILU;
                    case "geglu" -> StandardActivation.GELU;
                    case "glu" -> StandardActivation.SIGMOID;
                    default -> json.activation("activation_function", "gelu");
                },
                json.number("layer_norm_epsilon", 1e-12),
                rope(json, RotaryBert.Config.headSize(json, hidden, heads)), Heads.Config.read(json));
    }

    private static Rope rope(ModelConfig json, int headSize) {
        float part = json.number("rotary_emb_fraction", 0);
        int size = (int) (headSize * part);
        if (!(part > 0 && part <= 1) || size < 4 || size % 2 != 0) {
            json.problem("rotary_emb_fraction " + part + " of " + headSize + " features is not supported; supported: "
                    + "up to 1, an even number of features from 4");
            size = 4;
        }
        double theta = json.number("rotary_emb_base", 10_000);
        float scaling = json.number("rotary_scaling_factor", 0);
        float[] plain = Rope.frequencies(size, theta);
        return new Rope("rotary_emb", json.flag("rotary_emb_interleaved", false), 1, scaling == 0 ? _ -> plain
                : Rope.dynamic(size, theta, scaling, json.size("max_trained_positions", 2048)));
    }

    private static FeedForward gate(RotaryBert.Config config, Weights w) {
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        return new GatedUnit(w.at("mlp.fc12", "mlp.gate_proj").linear(hidden, intermediate),
                new Activation(w.at("mlp.act_fn").name(), config.hiddenAct()),
                w.at("mlp.fc11", "mlp.up_proj").linear(hidden, intermediate),
                w.at("mlp.fc2", "mlp.down_proj").linear(intermediate, hidden));
    }

    private static FeedForward plain(RotaryBert.Config config, Weights w) {
        return new FeedForward.Plain(w.at("mlp.fc1").linear(config.hiddenSize(), config.intermediateSize()),
                new Activation(w.at("mlp.act_fn").name(), config.hiddenAct()),
                w.at("mlp.fc2").linear(config.intermediateSize(), config.hiddenSize()));
    }
}
