// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.util.List;

/// DistilBERT (Sanh et al. 2019): half of a [Bert]'s layers, without token types and pooler, with its own weight names.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param heads      those of DistilBertForMaskedLM, DistilBertForSequenceClassification, …
record DistilBert(Config config, Embeddings embeddings, List<Bert.Layer> layers, Heads heads) implements Encoder {

    /// The eps of all norms of the family; config.json does not have it.
    private static final float LAYER_NORM_EPS = 1e-12f;

    /// What `config.json` says of a DistilBERT. Positions come from the checkpoint whether `sinusoidal_pos_embds` says that
    /// they were learned or computed.
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize, int maxPositions,
            ActivationFunction hiddenAct) {

        static Config read(ModelConfig json) {
            Config config = new Config(json.size("vocab_size"), json.size("dim"), json.size("n_layers"),
                    json.size("n_heads"), json.size("hidden_dim"), json.size("max_position_embeddings", 512),
                    json.activation("activation", "gelu"));
            json.requireMultiple("dim", config.hiddenSize, "n_heads", config.heads);
            return config;
        }
    }

    /// Builds the encoder from a checkpoint's weights.
    static DistilBert load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Embeddings embeddings = Embeddings.load(config, weights.at("embeddings"));
        return new DistilBert(config, embeddings,
                weights.at("transformer.layer").list(config.layers, w -> layer(config, w)),
                heads(config, new Heads(Heads.Config.read(json), weights), embeddings.words));
    }

    private static Heads heads(Config config, Heads heads, Embedding words) {
        int hidden = config.hiddenSize;
        return heads.withTokenHeads(hidden)
                .with(HeadKind.SEQUENCE_CLASSIFICATION, "pre_classifier", w -> Head.of(Head.firstToken(),
                        Head.dense(w.at("pre_classifier").linear(hidden, hidden), StandardActivation.RELU),
                        Head.dense(w.at("classifier").linear(hidden, heads.labelCount()))))
                .with(HeadKind.MASKED_LM, "vocab_transform", w -> Head.of(
                        Head.dense(w.at("vocab_transform").linear(hidden, hidden), config.hiddenAct),
                        Head.norm(w.at("vocab_layer_norm").layerNorm(hidden, LAYER_NORM_EPS)),
                        Head.dense(w.at("vocab_projector").tiedLinear(words, "weight", "bias"))));
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        for (Bert.Layer layer : layers) {
            x = layer.forward(x, batch.sequences(), pass);                                      // [T, H]
        }
        return x;
    }

    /// The sum of two look-ups, normalised.
    record Embeddings(Embedding words, Embedding positions, LayerNorm norm) {

        static Embeddings load(Config config, Weights w) {
            return new Embeddings(w.at("word_embeddings").embedding(config.vocabSize, config.hiddenSize),
                    w.at("position_embeddings").embedding(config.maxPositions, config.hiddenSize),
                    w.at("LayerNorm").layerNorm(config.hiddenSize, LAYER_NORM_EPS));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix word = pass.embed(words, batch.ids());                                       // [T, H]
            Matrix position = pass.embed(positions, batch.positionIds());                       // [T, H]
            return pass.layerNorm(norm, pass.add(word, position));                              // [T, H]
        }
    }

    /// Where a [Bert.Layer] has its weights here.
    private static Bert.Layer layer(Config config, Weights w) {
        int hidden = config.hiddenSize;
        Weights self = w.at("attention");
        return new Bert.Layer(w.name(),
                self.at("q_lin").linearWithBias(hidden, hidden),
                self.at("k_lin").linearWithBias(hidden, hidden),
                self.at("v_lin").linearWithBias(hidden, hidden),
                Attention.of(self.at("context").name(), config.heads, hidden),
                self.at("out_lin").linearWithBias(hidden, hidden),
                w.at("sa_layer_norm").layerNorm(hidden, LAYER_NORM_EPS),
                w.at("ffn.lin1").linearWithBias(hidden, config.intermediateSize),
                new Activation(w.at("ffn.activation").name(), config.hiddenAct),
                w.at("ffn.lin2").linearWithBias(config.intermediateSize, hidden),
                w.at("output_layer_norm").layerNorm(hidden, LAYER_NORM_EPS));
    }
}
