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

/// jina-embeddings-v2 (Günther et al. 2023): BERT with a gated feed-forward and linear biases instead of positions (ALiBi,
/// Press et al. 2021, in both directions). The code comes beside the checkpoints, in two
/// versions. The newer one, of the model for source code, also normalises queries and keys. Their config.json says `bert`.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param pooler     dense layer and tanh over the first token, where the checkpoint has one
/// @param heads      what stands on it
record JinaBert(Config config, Embeddings embeddings, List<Layer> layers, Optional<Bert.Pooler> pooler, Heads heads)
        implements Encoder {

    /// What `config.json` says of a JinaBERT.
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize, int maxPositions,
            int typeVocabSize, ActivationFunction gate, float layerNormEps) {

        /// Reads and checks the keys the forward pass uses.
        static Config read(ModelConfig json) {
            json.only("position_embedding_type", "alibi");
            json.only("feed_forward_type", "geglu", "reglu");
            json.only("is_decoder", false);
            int hidden = json.size("hidden_size");
            int heads = json.size("num_attention_heads");
            RotaryBert.Config.headSize(json, hidden, heads);
            return new Config(json.size("vocab_size"), hidden, json.size("num_hidden_layers"), heads,
                    json.size("intermediate_size"), json.size("max_position_embeddings", 8192),
                    json.size("type_vocab_size", 2), json.text("feed_forward_type", "geglu").equals("reglu")
                            ? StandardActivation.RELU : StandardActivation.GELU,
                    json.number("layer_norm_eps", 1e-12));
        }
    }

    static JinaBert load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Embeddings embeddings = Embeddings.load(config, weights.at("embeddings"));
        Optional<Bert.Pooler> pooler = Bert.Pooler.find(config.hiddenSize, weights.at("pooler"));
        Heads heads = new Heads(Heads.Config.read(json), weights)
                .withPooledClassifier(pooler, config.hiddenSize).withTokenHeads(config.hiddenSize)
                .withMaskedLm("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions",
                        json.activation("hidden_act", "gelu"), config.layerNormEps, config.hiddenSize, embeddings.words);
        return new JinaBert(config, embeddings,
                weights.at("encoder.layer").list(config.layers, w -> Layer.load(config, w)), pooler, heads);
    }

    @Override
    public Sizes sizes() {
        return Sizes.endless(config.maxPositions, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        AttentionBias bias = bias(config.heads, Math.max(0, batch.sequences().longest() - 1));
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        for (Layer layer : layers) {
            x = layer.forward(x, bias, batch.sequences(), pass);                                // [T, H]
        }
        return x;
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// The bias of ALiBi: minus slope times distance, in both directions.
    private static AttentionBias bias(int heads, int reach) {
        float[] values = new float[heads * (2 * reach + 1)];
        for (int head = 0; head < heads; head++) {
            float slope = (float) slope(head, heads);
            for (int i = 0; i <= 2 * reach; i++) {
                values[head * (2 * reach + 1) + i] = -slope * Math.abs(i - reach);
            }
        }
        return new AttentionBias.ByDistance("", values, heads);
    }

    /// The slopes: a geometric sequence that begins with `2^(-8/n)`, where n is the largest power of two up to the number of heads.
    /// The remaining heads take every other term of the sequence for 2n.
    static double slope(int head, int heads) {
        int power = Integer.highestOneBit(heads);
        return head < power ? Math.pow(2, -8.0 / power * (head + 1))
                : Math.pow(2, -8.0 / (2 * power) * (2 * (head - power) + 1));
    }

    /// The sum of two look-ups, normalised.
    record Embeddings(Embedding words, Embedding types, LayerNorm norm) {

        static Embeddings load(Config config, Weights w) {
            return new Embeddings(w.at("word_embeddings").embedding(config.vocabSize, config.hiddenSize),
                    w.at("token_type_embeddings").embedding(config.typeVocabSize, config.hiddenSize),
                    w.at("LayerNorm").layerNorm(config.hiddenSize, config.layerNormEps));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix word = pass.embed(words, batch.ids());                                       // [T, H]
            Matrix type = pass.embed(types, batch.typeIds(types.size()));                       // [T, H]
            return pass.layerNorm(norm, pass.add(word, type));                                  // [T, H]
        }
    }

    /// Self-attention, add and norm; feed-forward, add and norm.
    ///
    /// @param queryNorm  normalises the queries before they are divided among heads, in the newer code
    /// @param keyNorm    normalises the keys, likewise
    /// @param secondNorm adds the layer's input once more and normalises again, likewise
    record Layer(String name, Linear query, Linear key, Linear value, Optional<LayerNorm> queryNorm,
            Optional<LayerNorm> keyNorm, Attention attention, Linear attentionOutput, LayerNorm attentionNorm,
            Optional<LayerNorm> secondNorm, GatedUnit mlp, LayerNorm mlpNorm) {

        static Layer load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            float eps = config.layerNormEps;
            boolean newer = w.at("mlp.up_gated_layer").exists();
            Weights self = w.at("attention.self");
            return new Layer(w.name(),
                    self.at("query").linearWithBias(hidden, hidden),
                    self.at("key").linearWithBias(hidden, hidden),
                    self.at("value").linearWithBias(hidden, hidden),
                    newer ? Optional.of(self.at("layer_norm_q").layerNorm(hidden, eps)) : Optional.empty(),
                    newer ? Optional.of(self.at("layer_norm_k").layerNorm(hidden, eps)) : Optional.empty(),
                    Attention.of(self.name(), config.heads, hidden),
                    w.at("attention.output.dense").linearWithBias(hidden, hidden),
                    w.at("attention.output.LayerNorm").layerNorm(hidden, eps),
                    newer ? Optional.of(w.at("layer_norm_1").layerNorm(hidden, eps)) : Optional.empty(),
                    newer ? mlp(config, w.at("mlp"), "up_gated_layer", 1, "down_layer")
                            : mlp(config, w.at("mlp"), "gated_layers", 0, "wo"),
                    (newer ? w.at("layer_norm_2") : w.at("mlp.layernorm")).layerNorm(hidden, eps));
        }

        /// @param gate which half of the first layer the activation is applied to
        private static GatedUnit mlp(Config config, Weights w, String both, int gate, String down) {
            int hidden = config.hiddenSize;
            int intermediate = config.intermediateSize;
            return new GatedUnit(w.at(both, both + ".gate").linearPart(hidden, intermediate, gate, 2),
                    new Activation(w.at("act").name(), config.gate),
                    w.at(both, both + ".up").linearPart(hidden, intermediate, 1 - gate, 2),
                    w.at(down).linearWithBias(intermediate, hidden));
        }

        Matrix forward(Matrix x, AttentionBias bias, Sequences sequences, Pass pass) {
            Matrix q = norm(queryNorm, pass.linear(query, x), pass);                            // [T, H]
            Matrix k = norm(keyNorm, pass.linear(key, x), pass);                                // [T, H]
            Matrix v = pass.linear(value, x);                                                   // [T, H]
            Matrix context = pass.attention(attention, q, k, v, sequences, bias);               // [T, H]
            Matrix attended = pass.linear(attentionOutput, context);                            // [T, H]
            Matrix y = pass.layerNorm(attentionNorm, pass.add(attended, x));                    // [T, H]
            if (secondNorm.isPresent()) {
                y = pass.layerNorm(secondNorm.get(), pass.add(x, y));                           // [T, H]
            }
            return pass.layer(name, pass.layerNorm(mlpNorm, pass.add(y, mlp.forward(y, pass)))); // [T, H]
        }

        private static Matrix norm(Optional<LayerNorm> norm, Matrix x, Pass pass) {
            return norm.isPresent() ? pass.layerNorm(norm.get(), x) : x;                        // [T, H]
        }
    }
}
