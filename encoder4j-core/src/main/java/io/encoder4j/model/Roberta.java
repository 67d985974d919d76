// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.util.Optional;

/// RoBERTa (Liu et al. 2019), and XLM-RoBERTa and CamemBERT, which share its code: a [Bert] whose positions begin after the
/// padding id. [XlmRobertaXl] has the same positions and other layers.
///
/// @param bert       everything else
/// @param padTokenId the id that takes no position
record Roberta(Encoder bert, int padTokenId) implements Encoder {

    /// Builds the encoder from a checkpoint's weights.
    static Roberta load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        Bert bert = Bert.load(config, weights, new Heads(config.headConfig(), weights));
        addHeads(bert.heads(), config.hiddenSize(), config.layerNormEps(), bert.embeddings().words());
        return new Roberta(bert, padTokenId(json, config.maxPositions()));
    }

    static void addHeads(Heads heads, int hidden, float layerNormEps, Embedding words) {
        heads.withTokenHeads(hidden).withFirstTokenClassifier(hidden, StandardActivation.TANH)
                .withMaskedLm("lm_head.dense", "lm_head.layer_norm", "lm_head", StandardActivation.GELU, layerNormEps, hidden,
                        words);
    }

    /// The padding id. At least one position must remain after it.
    static int padTokenId(ModelConfig json, int maxPositions) {
        int padTokenId = json.index("pad_token_id", 1);
        if (padTokenId >= maxPositions - 1) {
            json.problem("pad_token_id " + padTokenId + " leaves none of max_position_embeddings " + maxPositions);
        }
        return padTokenId;
    }

    /// The batch with positions as fairseq counts them: from `padTokenId + 1`, over the tokens that are not padding. A
    /// padding token in a text has the position `padTokenId`.
    static Batch positionsFrom(int padTokenId, Batch batch) {
        int[] positions = new int[batch.tokens()];
        for (int i = 0; i < batch.sequences().count(); i++) {
            int position = padTokenId;
            for (int t = batch.sequences().start(i); t < batch.sequences().start(i + 1); t++) {
                positions[t] = batch.ids()[t] == padTokenId ? padTokenId : ++position;
            }
        }
        return new Batch(batch.ids(), batch.typeIds(), positions, batch.sequences(), batch.behind());
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(bert.maxTokens() - padTokenId - 1, bert.hiddenSize(), bert.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        return bert.forward(positionsFrom(padTokenId, batch), pass);                            // [T, H]
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
