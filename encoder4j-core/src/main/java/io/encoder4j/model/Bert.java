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
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.util.List;
import java.util.Optional;

/// BERT (Devlin et al. 2018): the encoder of "Attention is all you need" with learned positions and the norm after each
/// half of a layer. Names and numbers are those of transformers' `BertModel`.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param pooler     dense layer and tanh over the first token, where the checkpoint has one
/// @param heads      those of BertForPreTraining, BertForMaskedLM, BertForSequenceClassification, …
record Bert(Config config, Embeddings embeddings, List<Layer> layers, Optional<Pooler> pooler, Heads heads)
        implements Encoder {

    /// What `config.json` says of a BERT.
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize,
            int maxPositions, int typeVocabSize, ActivationFunction hiddenAct, float layerNormEps,
            Heads.Config headConfig) {

        /// Reads and checks the keys the forward pass uses.
        public static Config read(ModelConfig json) {
            return read(json, "gelu");
        }

        /// The same for a family with another default activation.
        static Config read(ModelConfig json, String defaultAct) {
            json.only("position_embedding_type", "absolute");
            json.only("is_decoder", false);
            json.only("add_cross_attention", false);
            Config config = new Config(json.size("vocab_size"), json.size("hidden_size"),
                    json.size("num_hidden_layers"), json.size("num_attention_heads"),
                    json.size("intermediate_size"), json.size("max_position_embeddings", 512),
                    json.size("type_vocab_size", 2), json.activation("hidden_act", defaultAct),
                    json.number("layer_norm_eps", 1e-12), Heads.Config.read(json));
            json.requireMultiple("hidden_size", config.hiddenSize, "num_attention_heads", config.heads);
            return config;
        }
    }

    /// Builds the encoder from a checkpoint's weights; the caller ends with [Weights#finish].
    static Bert load(Config config, Weights weights) {
        Bert bert = load(config, weights, new Heads(config.headConfig, weights));
        addHeads(bert.heads, config, bert.embeddings.words, bert.pooler);
        return bert;
    }

    /// The same for a family with heads of its own.
    static Bert load(Config config, Weights weights, Heads heads) {
        return FlashBert.isIn(weights) ? FlashBert.load(config, weights, heads) : new Bert(config,
                Embeddings.load(config, config.hiddenSize, weights.at("embeddings")),
                weights.at("encoder.layer").list(config.layers, w -> Layer.load(config, w)),
                Pooler.find(config.hiddenSize, weights.at("pooler")), heads);
    }

    static void addHeads(Heads heads, Config config, Embedding words, Optional<Pooler> pooler) {
        addPretrainingHeads(heads, config, words, pooler);
        heads.withTokenHeads(config.hiddenSize);
        heads.withPooledClassifier(pooler, config.hiddenSize);
    }

    /// @param words of E features: logits of a masked token are products with its vectors
    static void addPretrainingHeads(Heads heads, Config config, Embedding words, Optional<Pooler> pooler) {
        int hidden = config.hiddenSize;
        heads.withMaskedLm("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions",
                config.hiddenAct, config.layerNormEps, hidden, words);
        pooler.ifPresent(p -> heads.with(HeadKind.NEXT_SENTENCE, "cls.seq_relationship", w -> Head.of(
                p::forward, Head.dense(w.at("cls.seq_relationship").linear(hidden, 2)))));
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        return encode(x, batch.sequences(), pass);                                              // [T, H]
    }

    /// The layers, one after the other.
    Matrix encode(Matrix x, Sequences sequences, Pass pass) {
        for (Layer layer : layers) {
            x = layer.forward(x, sequences, pass);                                              // [T, H]
        }
        return x;
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// The sum of three look-ups, normalised.
    record Embeddings(Embedding words, Embedding positions, Embedding types, LayerNorm norm) {

        /// @param size of a vector: `hiddenSize`, but for the families that project it to that
        static Embeddings load(Config config, int size, Weights w) {
            return new Embeddings(
                    w.at("word_embeddings").embedding(config.vocabSize, size),
                    w.at("position_embeddings").embedding(config.maxPositions, size),
                    w.at("token_type_embeddings").embedding(config.typeVocabSize, size),
                    w.at("LayerNorm").layerNorm(size, config.layerNormEps));
        }

        Matrix forward(Batch batch, Pass pass) {
            return pass.layerNorm(norm, sum(batch, pass));                                      // [T, H]
        }

        Matrix sum(Batch batch, Pass pass) {
            Matrix word = pass.embed(words, batch.ids());                                       // [T, H]
            Matrix type = pass.embed(types, batch.typeIds(types.size()));                       // [T, H]
            Matrix position = pass.embed(positions, batch.positionIds());                       // [T, H]
            return pass.add(pass.add(word, type), position);                                    // [T, H]
        }
    }

    /// Self-attention, add and norm; feed-forward, add and norm. Other families use it with other weight names.
    record Layer(String name, Linear query, Linear key, Linear value, Attention attention,
            Linear attentionOutput, LayerNorm attentionNorm,
            Linear intermediate, Activation activation, Linear output, LayerNorm outputNorm) {

        static Layer load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            Weights self = w.at("attention.self");
            return new Layer(w.name(),
                    self.at("query").linearWithBias(hidden, hidden),
                    self.at("key").linearWithBias(hidden, hidden),
                    self.at("value").linearWithBias(hidden, hidden),
                    Attention.of(self.name(), config.heads, hidden),
                    w.at("attention.output.dense").linearWithBias(hidden, hidden),
                    w.at("attention.output.LayerNorm").layerNorm(hidden, config.layerNormEps),
                    w.at("intermediate.dense").linearWithBias(hidden, config.intermediateSize),
                    new Activation(w.at("intermediate.intermediate_act_fn").name(), config.hiddenAct),
                    w.at("output.dense").linearWithBias(config.intermediateSize, hidden),
                    w.at("output.LayerNorm").layerNorm(hidden, config.layerNormEps));
        }

        Matrix forward(Matrix x, Sequences sequences, Pass pass) {
            return forward(x, AttentionBias.NONE, sequences, pass);                             // [T, H]
        }

        /// @param bias added to the scores: nothing for BERT itself
        Matrix forward(Matrix x, AttentionBias bias, Sequences sequences, Pass pass) {
            Matrix q = pass.linear(query, x);                                                   // [T, H]
            Matrix k = pass.linear(key, x);                                                     // [T, H]
            Matrix v = pass.linear(value, x);                                                   // [T, H]
            Matrix context = pass.attention(attention, q, k, v, sequences, bias);               // [T, H]
            Matrix attended = pass.linear(attentionOutput, context);                            // [T, H]
            x = pass.layerNorm(attentionNorm, pass.add(attended, x));                           // [T, H]

            Matrix h = pass.linear(intermediate, x, activation);                                // [T, I]
            Matrix y = pass.linear(output, h);                                                  // [T, H]
            return pass.layer(name, pass.layerNorm(outputNorm, pass.add(y, x)));                // [T, H]
        }
    }

    /// The first token of each sequence through a dense layer and tanh.
    record Pooler(Linear dense, Activation activation) {

        static Optional<Pooler> find(int hiddenSize, Weights w) {
            return w.at("dense").exists() ? Optional.of(load(hiddenSize, w.at("dense"), w.at("activation").name()))
                    : Optional.empty();
        }

        static Pooler load(int hiddenSize, Weights dense, String activation) {
            return new Pooler(dense.linearWithBias(hiddenSize, hiddenSize),
                    new Activation(activation, StandardActivation.TANH));
        }

        Matrix forward(Matrix hidden, Sequences sequences, Pass pass) {
            int[] first = java.util.Arrays.copyOf(sequences.starts(), sequences.count());
            return pass.linear(dense, pass.rows(hidden, first), activation);                    // [B, H]
        }
    }
}
