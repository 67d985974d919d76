// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Optional;

/// XLM-RoBERTa-XL (Goyal et al. 2021): the positions of a [Roberta], the layers of a [MegatronBert] by other names.
///
/// @param bert       everything else
/// @param padTokenId the id that takes no position
public record XlmRobertaXl(MegatronBert bert, int padTokenId) implements Encoder {

    /// Builds the encoder from a checkpoint's weights.
    public static XlmRobertaXl load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        MegatronBert bert = MegatronBert.load(config,
                new MegatronBert.Names("attention.self_attn_layer_norm", "LayerNorm", "encoder.LayerNorm"), weights);
        Roberta.addHeads(bert.heads(), config.hiddenSize(), config.layerNormEps(), bert.embeddings().words());
        return new XlmRobertaXl(bert, Roberta.padTokenId(json, config.maxPositions()));
    }

    @Override
    public int hiddenSize() {
        return bert.hiddenSize();
    }

    @Override
    public int vocabSize() {
        return bert.vocabSize();
    }

    @Override
    public int maxTokens() {
        return bert.maxTokens() - padTokenId - 1;
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        return bert.forward(Roberta.positionsFrom(padTokenId, batch), pass);                    // [T, H]
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return bert.pooler(hidden, sequences, pass);                                            // [B, H]
    }

    @Override
    public Heads heads() {
        return bert.heads();
    }
}
