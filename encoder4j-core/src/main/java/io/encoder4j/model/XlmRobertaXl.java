// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;

/// XLM-RoBERTa-XL (Goyal et al. 2021): the positions of a [Roberta], the layers of a [MegatronBert] by other names.
final class XlmRobertaXl {

    private XlmRobertaXl() { }

    static Encoder load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        MegatronBert bert = MegatronBert.load(config,
                new MegatronBert.Names("attention.self_attn_layer_norm", "LayerNorm", "encoder.LayerNorm"), weights);
        Roberta.addHeads(bert.heads(), config.hiddenSize(), config.layerNormEps(), bert.embeddings().words());
        return new Roberta(bert, Roberta.padTokenId(json, config.maxPositions()));
    }
}
