// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.RopeConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.Rope;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// BERT with rotary positions instead of learned ones: what NomicBERT, GTE and jina-embeddings-v3 have in common. Their files
/// say how they read config.json, what their weights are called and which feed-forward they have; names in traces are those
/// of transformers' classes, which call the modules of all three alike.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param pooler     dense layer and tanh over the first token, where the checkpoint has one
/// @param heads      what stands on it
record RotaryBert(Config config, Embeddings embeddings, List<Layer> layers, Optional<Bert.Pooler> pooler,
        Heads heads) implements Encoder {

    /// Sizes, and the rotary embedding that all layers share.
    ///
    /// @param typeVocabSize 0 if there is no table of types
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize, int maxPositions,
            int typeVocabSize, ActivationFunction hiddenAct, float layerNormEps, Rope rope, Heads.Config headConfig) {

        /// Reads the keys as transformers' classes call them.
        static Config read(ModelConfig json, String hiddenAct, double layerNormEps, int typeVocabSize, double theta) {
            int hidden = json.size("hidden_size");
            int heads = json.size("num_attention_heads");
            json.only("head_dim", hidden / heads);
            json.only("position_embedding_type", "rope", "rotary", "absolute");
            return new Config(json.size("vocab_size"), hidden, json.size("num_hidden_layers"), heads,
                    json.size("intermediate_size"), json.size("max_position_embeddings", 8192),
                    json.index("type_vocab_size", typeVocabSize), json.activation("hidden_act", hiddenAct),
                    json.number("layer_norm_eps", layerNormEps),
                    RopeConfig.read(json, "rotary_emb", headSize(json, hidden, heads), theta),
                    Heads.Config.read(json));
        }

        /// Features of a head. Notes a problem if the hidden size is not a multiple of the heads.
        static int headSize(ModelConfig json, int hidden, int heads) {
            json.requireMultiple("hidden_size", hidden, "num_attention_heads", heads);
            return hidden / heads;
        }
    }

    /// What a family calls its weights.
    ///
    /// @param embeddingNorm the norm after the embeddings, from the root
    /// @param layers        the list of layers, from the root
    /// @param qkv           queries, keys and values below each other, from the layer
    /// @param out           the layer after the attention
    /// @param attentionNorm the norm after the attention
    /// @param mlpNorm       the norm after the feed-forward
    /// @param feedForward   builds the feed-forward from the layer
    record Names(String embeddingNorm, String layers, String qkv, String out, String attentionNorm, String mlpNorm,
            Function<Weights, FeedForward> feedForward) { }

    static RotaryBert load(Config config, Weights weights, Names names) {
        return new RotaryBert(config,
                Embeddings.load(config, weights, names.embeddingNorm),
                weights.at(names.layers, "layers").list(config.layers, w -> Layer.load(config, w, names)),
                Bert.Pooler.find(config.hiddenSize, weights.at("pooler")), new Heads(config.headConfig, weights));
    }

    /// Adds BERT's heads: one on the pooler, the others on each token.
    RotaryBert withBertHeads() {
        heads.withPooledClassifier(pooler, config.hiddenSize).withTokenHeads(config.hiddenSize);
        return this;
    }

    @Override
    public Sizes sizes() {
        return Sizes.endless(config.maxPositions, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Rotation rotation = config.rope.rotation(batch.sequences());
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        for (Layer layer : layers) {
            x = layer.forward(x, rotation, batch.sequences(), pass);                            // [T, H]
        }
        return x;
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// Words and, in most, types; normalised.
    record Embeddings(Embedding words, Optional<Embedding> types, LayerNorm norm) {

        static Embeddings load(Config config, Weights w, String norm) {
            return new Embeddings(
                    w.at("embeddings.word_embeddings").embedding(config.vocabSize, config.hiddenSize),
                    config.typeVocabSize == 0 ? Optional.empty() : Optional.of(
                            w.at("embeddings.token_type_embeddings").embedding(config.typeVocabSize, config.hiddenSize)),
                    w.at(norm, "embeddings.LayerNorm").layerNorm(config.hiddenSize, config.layerNormEps));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix x = pass.embed(words, batch.ids());                                          // [T, H]
            if (types.isPresent()) {
                x = pass.add(x, pass.embed(types.get(), batch.typeIds(types.get().size())));    // [T, H]
            }
            return pass.layerNorm(norm, x);                                                     // [T, H]
        }
    }

    /// Self-attention over rotated queries and keys, add and norm; feed-forward, add and norm.
    record Layer(String name, Linear query, Linear key, Linear value, Attention attention, Linear out,
            LayerNorm attentionNorm, FeedForward feedForward, LayerNorm mlpNorm) {

        static Layer load(Config config, Weights w, Names names) {
            int hidden = config.hiddenSize;
            return new Layer(w.name(),
                    w.at(names.qkv, "self_attn.q_proj").linearPart(hidden, hidden, 0, 3),
                    w.at(names.qkv, "self_attn.k_proj").linearPart(hidden, hidden, 1, 3),
                    w.at(names.qkv, "self_attn.v_proj").linearPart(hidden, hidden, 2, 3),
                    Attention.of(w.at("self_attn.context").name(), config.heads, hidden),
                    w.at(names.out, "self_attn.o_proj").linear(hidden, hidden),
                    w.at(names.attentionNorm, "post_attention_layernorm").layerNorm(hidden, config.layerNormEps),
                    names.feedForward.apply(w),
                    w.at(names.mlpNorm, "post_mlp_layernorm").layerNorm(hidden, config.layerNormEps));
        }

        Matrix forward(Matrix x, Rotation rotation, Sequences sequences, Pass pass) {
            Matrix q = pass.rotate(rotation, pass.linear(query, x), attention.heads());         // [T, H]
            Matrix k = pass.rotate(rotation, pass.linear(key, x), attention.heads());           // [T, H]
            Matrix v = pass.linear(value, x);                                                   // [T, H]
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, H]
            x = pass.layerNorm(attentionNorm, pass.add(x, pass.linear(out, context)));          // [T, H]

            Matrix y = feedForward.forward(x, pass);                                            // [T, H]
            return pass.layer(name, pass.layerNorm(mlpNorm, pass.add(x, y)));                   // [T, H]
        }
    }
}
