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
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;

/// MPNet (Song et al. 2020): a [Bert] with the positions of a [Roberta] and, in every layer the same, T5's value for each
/// distance added to the attention scores. There are no token types.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param bias       by distance, for all layers
/// @param layers     applied one after the other
/// @param pooler     dense layer and tanh over the first token, if the checkpoint has one
/// @param heads      those of a [Roberta]
record MPNet(Bert.Config config, Embeddings embeddings, RelativeBuckets bias, List<Bert.Layer> layers,
        Optional<Bert.Pooler> pooler, Heads heads) implements Encoder {

    /// MPNet's padding id, whatever config.json says; transformers fixes it too.
    private static final int PAD_TOKEN_ID = 1;
    private static final int BUCKETS = 32;
    private static final int MAX_DISTANCE = 128;

    /// Builds the encoder from a checkpoint's weights.
    static MPNet load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        // transformers takes the default whatever this says.
        json.only("relative_attention_num_buckets", BUCKETS);
        Embedding bias = weights.at("encoder.relative_attention_bias").embedding(BUCKETS, config.heads());
        Embeddings embeddings = Embeddings.load(config, weights.at("embeddings"));
        Heads heads = new Heads(config.headConfig(), weights);
        Roberta.addHeads(heads, config.hiddenSize(), config.layerNormEps(), embeddings.words);
        return new MPNet(config, embeddings,
                RelativeBuckets.of(bias, MAX_DISTANCE),
                weights.at("encoder.layer").list(config.layers(), w -> layer(config, w)),
                Bert.Pooler.find(config.hiddenSize(), weights.at("pooler")), heads);
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions() - PAD_TOKEN_ID - 1, config.hiddenSize(), config.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(Roberta.positionsFrom(PAD_TOKEN_ID, batch), pass);        // [T, H]
        AttentionBias byDistance = bias.bias(pass);
        for (Bert.Layer layer : layers) {
            x = layer.forward(x, byDistance, batch.sequences(), pass);                                // [T, H]
        }
        return x;
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// The sum of two look-ups, normalised.
    record Embeddings(Embedding words, Embedding positions, LayerNorm norm) {

        static Embeddings load(Bert.Config config, Weights w) {
            return new Embeddings(w.at("word_embeddings").embedding(config.vocabSize(), config.hiddenSize()),
                    w.at("position_embeddings").embedding(config.maxPositions(), config.hiddenSize()),
                    w.at("LayerNorm").layerNorm(config.hiddenSize(), config.layerNormEps()));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix word = pass.embed(words, batch.ids());                                       // [T, H]
            Matrix position = pass.embed(positions, batch.positionIds());                       // [T, H]
            return pass.layerNorm(norm, pass.add(word, position));                              // [T, H]
        }
    }

    /// Where a [Bert.Layer] has its weights here.
    private static Bert.Layer layer(Bert.Config config, Weights w) {
        int hidden = config.hiddenSize();
        Weights self = w.at("attention.attn");
        return new Bert.Layer(w.name(),
                self.at("q").linearWithBias(hidden, hidden),
                self.at("k").linearWithBias(hidden, hidden),
                self.at("v").linearWithBias(hidden, hidden),
                Attention.of(self.at("context").name(), config.heads(), hidden),
                self.at("o").linearWithBias(hidden, hidden),
                w.at("attention.LayerNorm").layerNorm(hidden, config.layerNormEps()),
                w.at("intermediate.dense").linearWithBias(hidden, config.intermediateSize()),
                new Activation(w.at("intermediate.intermediate_act_fn").name(), config.hiddenAct()),
                w.at("output.dense").linearWithBias(config.intermediateSize(), hidden),
                w.at("output.LayerNorm").layerNorm(hidden, config.layerNormEps()));
    }
}
