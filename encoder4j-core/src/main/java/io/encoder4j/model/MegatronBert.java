// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;

/// Megatron-BERT (Shoeybi et al. 2019): a [Bert] with the norm before each half of a layer, so that the sums between them
/// are never normalised; one more norm ends the encoder.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param norm       after the last layer
/// @param pooler     dense layer and tanh over the first token, if the checkpoint has one
/// @param heads      those of a [Bert]
record MegatronBert(Bert.Config config, Embeddings embeddings, List<Layer> layers, LayerNorm norm,
        Optional<Bert.Pooler> pooler, Heads heads) implements Encoder {

    /// Builds the encoder from a checkpoint's weights.
    static MegatronBert load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        MegatronBert bert = load(config, new Names("attention.ln", "ln", "encoder.ln"), weights);
        Bert.addHeads(bert.heads, config, bert.embeddings.words, bert.pooler);
        return bert;
    }

    /// What the norms are called: the first of a layer, its second and the encoder's.
    record Names(String attentionNorm, String outputNorm, String norm) { }

    static MegatronBert load(Bert.Config config, Names names, Weights weights) {
        return new MegatronBert(config, Embeddings.load(config, weights.at("embeddings")),
                weights.at("encoder.layer").list(config.layers(), w -> Layer.load(config, names, w)),
                weights.at(names.norm).layerNorm(config.hiddenSize(), config.layerNormEps()),
                Bert.Pooler.find(config.hiddenSize(), weights.at("pooler")), new Heads(config.headConfig(), weights));
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions(), config.hiddenSize(), config.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        for (Layer layer : layers) {
            x = layer.forward(x, batch.sequences(), pass);                                      // [T, H]
        }
        return pass.layerNorm(norm, x);                                                         // [T, H]
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// The sum of three look-ups.
    record Embeddings(String name, Embedding words, Embedding positions, Embedding types) {

        static Embeddings load(Bert.Config config, Weights w) {
            return new Embeddings(w.name(),
                    w.at("word_embeddings").embedding(config.vocabSize(), config.hiddenSize()),
                    w.at("position_embeddings").embedding(config.maxPositions(), config.hiddenSize()),
                    w.at("token_type_embeddings").embedding(config.typeVocabSize(), config.hiddenSize()));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix word = pass.embed(words, batch.ids());                                       // [T, H]
            Matrix type = pass.embed(types, batch.typeIds(types.size()));                       // [T, H]
            Matrix position = pass.embed(positions, batch.positionIds());                       // [T, H]
            return pass.module(name, pass.add(pass.add(word, type), position));                 // [T, H]
        }
    }

    /// Norm, self-attention and add; norm, feed-forward and add.
    record Layer(String name, LayerNorm attentionNorm, Linear query, Linear key, Linear value, Attention attention,
            Linear attentionOutput, String attended, LayerNorm outputNorm, Linear intermediate, Activation activation,
            Linear output, String added) {

        static Layer load(Bert.Config config, Names names, Weights w) {
            int hidden = config.hiddenSize();
            Weights self = w.at("attention.self");
            return new Layer(w.name(),
                    w.at(names.attentionNorm).layerNorm(hidden, config.layerNormEps()),
                    self.at("query").linearWithBias(hidden, hidden),
                    self.at("key").linearWithBias(hidden, hidden),
                    self.at("value").linearWithBias(hidden, hidden),
                    Attention.of(self.name(), config.heads(), hidden),
                    w.at("attention.output.dense").linearWithBias(hidden, hidden),
                    w.at("attention.output").name(),
                    w.at(names.outputNorm).layerNorm(hidden, config.layerNormEps()),
                    w.at("intermediate.dense").linearWithBias(hidden, config.intermediateSize()),
                    new Activation(w.at("intermediate.intermediate_act_fn").name(), config.hiddenAct()),
                    w.at("output.dense").linearWithBias(config.intermediateSize(), hidden),
                    w.at("output").name());
        }

        Matrix forward(Matrix x, Sequences sequences, Pass pass) {
            Matrix n = pass.layerNorm(attentionNorm, x);                                        // [T, H]
            Matrix q = pass.linear(query, n);                                                   // [T, H]
            Matrix k = pass.linear(key, n);                                                     // [T, H]
            Matrix v = pass.linear(value, n);                                                   // [T, H]
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, H]
            x = pass.module(attended, pass.add(pass.linear(attentionOutput, context), x));      // [T, H]

            Matrix m = pass.layerNorm(outputNorm, x);                                           // [T, H]
            Matrix h = pass.linear(intermediate, m, activation);                                // [T, I]
            x = pass.module(added, pass.add(pass.linear(output, h), x));                        // [T, H]
            return pass.layer(name, x);                                                         // [T, H]
        }
    }
}
