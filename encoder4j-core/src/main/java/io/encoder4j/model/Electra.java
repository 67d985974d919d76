// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.util.List;
import java.util.Optional;

/// ELECTRA (Clark et al. 2020): a [Bert] whose embeddings may be smaller than its layers, and which has no pooler.
///
/// @param config     sizes
/// @param embeddings from ids to vectors of `embedding_size` E
/// @param project    from E to H, where they differ
/// @param layers     applied one after the other
/// @param heads      the discriminator's, the generator's and those of ElectraForSequenceClassification, …
record Electra(Bert.Config config, Bert.Embeddings embeddings, Optional<Linear> project, List<Bert.Layer> layers,
        Heads heads) implements Encoder {

    /// Builds the encoder from a checkpoint's weights.
    static Electra load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        int size = json.size("embedding_size", 128);
        Bert.Embeddings embeddings = Bert.Embeddings.load(config, size, weights.at("embeddings"));
        return new Electra(config, embeddings,
                size == config.hiddenSize() ? Optional.empty()
                        : Optional.of(weights.at("embeddings_project").linearWithBias(size, config.hiddenSize())),
                weights.at("encoder.layer").list(config.layers(), w -> Bert.Layer.load(config, w)),
                heads(config, size, new Heads(config.headConfig(), weights), embeddings.words()));
    }

    private static Heads heads(Bert.Config config, int size, Heads heads, Embedding words) {
        int hidden = config.hiddenSize();
        return heads.withTokenHeads(hidden).withFirstTokenClassifier(hidden, StandardActivation.GELU)
                .with(HeadKind.REPLACED_TOKENS, "discriminator_predictions", w -> Head.of(
                        Head.dense(w.at("discriminator_predictions.dense").linear(hidden, hidden), config.hiddenAct()),
                        Head.dense(w.at("discriminator_predictions.dense_prediction").linear(hidden, 1))))
                .with(HeadKind.MASKED_LM, "generator_predictions", w -> Head.of(
                        Head.dense(w.at("generator_predictions.dense").linear(hidden, size), StandardActivation.GELU),
                        Head.norm(w.at("generator_predictions.LayerNorm").layerNorm(size, config.layerNormEps())),
                        Head.dense(w.at("generator_lm_head").tiedLinear(words, "weight", "bias"))));
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions(), config.hiddenSize(), config.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, E]
        if (project.isPresent()) {
            x = pass.linear(project.get(), x);                                                  // [T, H]
        }
        for (Bert.Layer layer : layers) {
            x = layer.forward(x, batch.sequences(), pass);                                      // [T, H]
        }
        return x;
    }

}
