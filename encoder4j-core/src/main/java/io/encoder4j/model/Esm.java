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
import io.encoder4j.nn.Rope;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// ESM-1b and ESM-2 (Rives et al. 2021, Lin et al. 2022), encoders of proteins: the layers of a [MegatronBert], positions
/// either learned as in a [Roberta] or rotary, no token types.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param rope       rotates queries and keys, unless positions are learned
/// @param layers     applied one after the other
/// @param norm       after the last layer
/// @param pooler     dense layer and tanh over the first token, if the checkpoint has one
/// @param heads      those of a [Roberta]
record Esm(Config config, Embeddings embeddings, Optional<Rope> rope, List<Layer> layers, LayerNorm norm,
        Optional<Bert.Pooler> pooler, Heads heads) implements Encoder {

    /// What `config.json` says of an ESM.
    ///
    /// @param maskTokenId  the id whose vectors `token_dropout` empties, or -1
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize, int maxPositions,
            float layerNormEps, int padTokenId, int maskTokenId, boolean rotary, boolean normBefore) {

        static Config read(ModelConfig json) {
            json.only("position_embedding_type", "absolute", "rotary");
            json.only("is_folding_model", false);
            json.only("is_decoder", false);
            json.only("add_cross_attention", false);
            boolean tokenDropout = json.flag("token_dropout", false);
            if (tokenDropout && !json.has("mask_token_id")) {
                json.problem("token_dropout needs mask_token_id");
            }
            Config config = new Config(json.size("vocab_size"), json.size("hidden_size"), json.size("num_hidden_layers"),
                    json.size("num_attention_heads"), json.size("intermediate_size"),
                    json.size("max_position_embeddings", 1026), json.number("layer_norm_eps", 1e-12),
                    Roberta.padTokenId(json, json.size("max_position_embeddings", 1026)),
                    tokenDropout ? json.index("mask_token_id", -1) : -1,
                    json.text("position_embedding_type", "absolute").equals("rotary"),
                    json.flag("emb_layer_norm_before", false));
            json.requireMultiple("hidden_size", config.hiddenSize, "num_attention_heads", config.heads);
            return config;
        }
    }

    /// Builds the encoder from a checkpoint's weights.
    static Esm load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Embeddings embeddings = Embeddings.load(config, weights.at("embeddings"));
        Heads heads = new Heads(Heads.Config.read(json), weights);
        Roberta.addHeads(heads, config.hiddenSize, config.layerNormEps, embeddings.words);
        return new Esm(config, embeddings,
                config.rotary ? Optional.of(rope(config, json.number("rope_theta", 10_000), weights)) : Optional.empty(),
                weights.at("encoder.layer").list(config.layers, w -> Layer.load(config, w)),
                weights.at("encoder.emb_layer_norm_after").layerNorm(config.hiddenSize, config.layerNormEps),
                Bert.Pooler.find(config.hiddenSize, weights.at("pooler")), heads);
    }

    /// The frequencies that the checkpoint was trained with, which may be rounded to float16. Older checkpoints keep them in each
    /// layer.
    private static Rope rope(Config config, float theta, Weights weights) {
        int headSize = config.hiddenSize / config.heads;
        Weights shared = weights.at("rotary_embeddings");
        Weights first = weights.at("encoder.layer.0.attention.self.rotary_embeddings");
        float[] frequencies = shared.exists() ? shared.vector(headSize / 2, "inv_freq").vector()
                : first.exists() ? first.vector(headSize / 2, "inv_freq").vector() : Rope.frequencies(headSize, theta);
        return new Rope(shared.name(), false, 1, _ -> frequencies);
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions - config.padTokenId - 1, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        Optional<Rotation> rotation = rope.map(r -> r.rotation(batch.sequences()));
        for (Layer layer : layers) {
            x = layer.forward(x, rotation, batch.sequences(), pass);                            // [T, H]
        }
        return pass.layerNorm(norm, x);                                                         // [T, H]
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// Words, with learned positions where there are some, and a norm where there is one.
    ///
    /// @param padTokenId  before the first position
    /// @param maskTokenId the id whose vector is zeros, or -1
    record Embeddings(String name, Embedding words, Optional<Embedding> positions, Optional<LayerNorm> norm,
            int padTokenId, int maskTokenId) {

        /// In training, 15 % of the tokens were chosen and 80 % of these were masked.
        private static final float MASKED_IN_TRAINING = 0.15f * 0.8f;

        static Embeddings load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            return new Embeddings(w.name(), w.at("word_embeddings").embedding(config.vocabSize, hidden),
                    config.rotary ? Optional.empty()
                            : Optional.of(w.at("position_embeddings").embedding(config.maxPositions, hidden)),
                    config.normBefore ? Optional.of(w.at("layer_norm").layerNorm(hidden, config.layerNormEps))
                            : Optional.empty(), config.padTokenId, config.maskTokenId);
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix x = pass.embed(words, batch.ids());                                          // [T, H]
            if (maskTokenId >= 0) {
                x = pass.multiply(x, tokenDropout(batch, x.cols()));                            // [T, H]
            }
            if (positions.isPresent()) {
                int[] ids = Roberta.positionsFrom(padTokenId, batch).positionIds();
                x = pass.add(x, pass.embed(positions.get(), ids));                              // [T, H]
            }
            if (norm.isPresent()) {
                x = pass.layerNorm(norm.get(), x);                                              // [T, H]
            }
            return pass.module(name, x);                                                        // [T, H]
        }

        /// Masked tokens are zero. The other tokens of a sequence are scaled up, by how many more are masked than in training.
        private Matrix tokenDropout(Batch batch, int cols) {
            float[] factors = new float[batch.tokens() * cols];
            Sequences sequences = batch.sequences();
            for (int i = 0; i < sequences.count(); i++) {
                int start = sequences.start(i);
                int end = sequences.start(i + 1);
                long masked = Arrays.stream(batch.ids(), start, end).filter(id -> id == maskTokenId).count();
                float factor = (1 - MASKED_IN_TRAINING) / (1 - (float) masked / sequences.length(i));
                for (int t = start; t < end; t++) {
                    Arrays.fill(factors, t * cols, (t + 1) * cols, batch.ids()[t] == maskTokenId ? 0 : factor);
                }
            }
            return Matrix.of(batch.tokens(), cols, factors);                                    // [T, H]
        }
    }

    /// Norm, self-attention and add; norm, feed-forward and add.
    record Layer(String name, LayerNorm attentionNorm, Linear query, Linear key, Linear value, Attention attention,
            Linear attentionOutput, String attended, LayerNorm outputNorm, Linear intermediate, Activation activation,
            Linear output, String added) {

        static Layer load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            Weights self = w.at("attention.self");
            return new Layer(w.name(),
                    w.at("attention.LayerNorm").layerNorm(hidden, config.layerNormEps),
                    self.at("query").linearWithBias(hidden, hidden),
                    self.at("key").linearWithBias(hidden, hidden),
                    self.at("value").linearWithBias(hidden, hidden),
                    Attention.of(self.name(), config.heads, hidden),
                    w.at("attention.output.dense").linearWithBias(hidden, hidden), w.at("attention.output").name(),
                    w.at("LayerNorm").layerNorm(hidden, config.layerNormEps),
                    w.at("intermediate.dense").linearWithBias(hidden, config.intermediateSize),
                    new Activation(w.at("intermediate.gelu").name(), StandardActivation.GELU),
                    w.at("output.dense").linearWithBias(config.intermediateSize, hidden), w.at("output").name());
        }

        Matrix forward(Matrix x, Optional<Rotation> rotation, Sequences sequences, Pass pass) {
            Matrix n = pass.layerNorm(attentionNorm, x);                                        // [T, H]
            Matrix q = pass.linear(query, n);                                                   // [T, H]
            Matrix k = pass.linear(key, n);                                                     // [T, H]
            Matrix v = pass.linear(value, n);                                                   // [T, H]
            if (rotation.isPresent()) {
                q = pass.rotate(rotation.get(), q, attention.heads());                          // [T, H]
                k = pass.rotate(rotation.get(), k, attention.heads());                          // [T, H]
            }
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, H]
            x = pass.module(attended, pass.add(pass.linear(attentionOutput, context), x));      // [T, H]

            Matrix m = pass.layerNorm(outputNorm, x);                                           // [T, H]
            Matrix h = pass.linear(intermediate, m, activation);                                // [T, I]
            x = pass.module(added, pass.add(pass.linear(output, h), x));                        // [T, H]
            return pass.layer(name, x);                                                         // [T, H]
        }
    }
}
