// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;

/// jina-embeddings-v3 (Sturua et al. 2024) as transformers' `JinaEmbeddingsV3Model` has it: a [RotaryBert] with XLM-RoBERTa's
/// plain feed-forward and pooler. Its authors' own code keeps the weights by the same names, and beside them adapters for tasks;
/// neither class applies them unless it is asked to, and this one cannot be.
final class JinaEmbeddingsV3 {

    private static final double THETA = 20_000;
    private static final double AUTHORS_THETA = 10_000;

    private JinaEmbeddingsV3() { }

    static Encoder load(ModelConfig json, Weights weights) {
        json.only("is_decoder", false);
        RotaryBert.Config config = RotaryBert.Config.read(json, "gelu", 1e-5, 1,
                json.has("auto_map") ? json.number("rotary_emb_base", AUTHORS_THETA) : THETA);
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        RotaryBert jina = RotaryBert.load(config, weights, new RotaryBert.Names("emb_ln", "encoder.layers", "mixer.Wqkv",
                "mixer.out_proj", "norm1", "norm2", w -> new FeedForward.Plain(
                        w.at("mlp.fc1").linearWithBias(hidden, intermediate),
                        new Activation(w.at("mlp.activation_fn").name(), config.hiddenAct()),
                        w.at("mlp.fc2").linearWithBias(intermediate, hidden))));
        Roberta.addHeads(jina.heads(), hidden, config.layerNormEps(), jina.embeddings().words());
        return jina;
    }
}
