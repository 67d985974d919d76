// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;

/// A [Bert] by the names of flash-attention's code, which came with jina-reranker-v2: queries, keys and values in one tensor,
/// `mixer.Wqkv`, the norm of the embeddings beside them. It computes what BERT does, and its modules are called as BERT's.
final class FlashBert {

    private static final int PARTS = 3;

    private FlashBert() { }

    /// Whether a checkpoint has these names.
    static boolean isIn(Weights weights) {
        return weights.at("encoder.layers.0.mixer.Wqkv").exists();
    }

    /// Builds the encoder; the caller adds the heads.
    static Bert load(Bert.Config config, Weights weights, Heads heads) {
        int hidden = config.hiddenSize();
        Weights embeddings = weights.at("embeddings");
        return new Bert(config, new Bert.Embeddings(
                embeddings.at("word_embeddings").embedding(config.vocabSize(), hidden),
                embeddings.at("position_embeddings").embedding(config.maxPositions(), hidden),
                embeddings.at("token_type_embeddings").embedding(config.typeVocabSize(), hidden),
                weights.at("emb_ln", "embeddings.LayerNorm").layerNorm(hidden, config.layerNormEps())),
                weights.at("encoder.layers", "encoder.layer").list(config.layers(), w -> layer(config, w)),
                Bert.Pooler.find(hidden, weights.at("pooler")), heads);
    }

    private static Bert.Layer layer(Bert.Config config, Weights w) {
        int hidden = config.hiddenSize();
        return new Bert.Layer(w.name(),
                w.at("mixer.Wqkv", "attention.self.query").linearPart(hidden, hidden, 0, PARTS),
                w.at("mixer.Wqkv", "attention.self.key").linearPart(hidden, hidden, 1, PARTS),
                w.at("mixer.Wqkv", "attention.self.value").linearPart(hidden, hidden, 2, PARTS),
                Attention.of(w.at("attention.self").name(), config.heads(), hidden),
                w.at("mixer.out_proj", "attention.output.dense").linearWithBias(hidden, hidden),
                w.at("norm1", "attention.output.LayerNorm").layerNorm(hidden, config.layerNormEps()),
                w.at("mlp.fc1", "intermediate.dense").linearWithBias(hidden, config.intermediateSize()),
                new Activation(w.at("intermediate.intermediate_act_fn").name(), config.hiddenAct()),
                w.at("mlp.fc2", "output.dense").linearWithBias(config.intermediateSize(), hidden),
                w.at("norm2", "output.LayerNorm").layerNorm(hidden, config.layerNormEps()));
    }
}
