// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.util.List;
import java.util.Optional;

/// The encoder of T5 (Raffel et al. 2019): RMS norms before each half and at the end, no biases, scores that are not scaled
/// and a bias by distance that all layers share. Names and numbers are those of transformers' `T5EncoderModel`; a decoder in
/// the checkpoint is ignored.
///
/// @param config sizes
/// @param words  from ids to vectors
/// @param bias   of the scores, by distance
/// @param blocks applied one after the other
/// @param norm   at the end
/// @param heads  what stands on it
record T5Encoder(Config config, Embedding words, RelativeBuckets bias, List<Block> blocks, RmsNorm norm, Heads heads)
        implements Encoder {

    /// What `config.json` says of a T5.
    ///
    /// @param gated whether the feed-forward has a gate
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int headSize, int intermediateSize,
            int maxTokens, boolean gated, ActivationFunction activation, float normEps, int buckets, int maxDistance) {

        /// Reads and checks the keys the forward pass uses.
        static Config read(ModelConfig json) {
            String feedForward = json.text("feed_forward_proj", "relu");
            boolean gated = feedForward.startsWith("gated-");
            int heads = json.size("num_heads");
            int maxDistance = json.size("relative_attention_max_distance", 128);
            int buckets = json.size("relative_attention_num_buckets", 32);
            if (buckets < 4 || maxDistance <= buckets / 4) {
                json.problem("relative_attention_num_buckets " + buckets + " must be at least 4 and below four times "
                        + "relative_attention_max_distance " + maxDistance);
            }
            return new Config(json.size("vocab_size"), json.size("d_model"), json.size("num_layers"), heads,
                    json.size("d_kv"), json.size("d_ff"), json.size("n_positions", 512), gated,
                    activation(json, feedForward), json.number("layer_norm_epsilon", 1e-6), buckets, maxDistance);
        }

        /// "gated-gelu" means the tanh approximation, which had no name of its own when T5 was published.
        private static ActivationFunction activation(ModelConfig json, String feedForward) {
            String name = feedForward.equals("gated-gelu") ? "gelu_new" : feedForward.replaceFirst("^gated-", "");
            Optional<StandardActivation> function = StandardActivation.named(name);
            if (function.isEmpty()) {
                json.problem("feed_forward_proj '" + feedForward + "' is not supported; supported, alone or after 'gated-': "
                        + String.join(", ", StandardActivation.allNames()));
            }
            return function.orElse(StandardActivation.LINEAR);
        }
    }

    static T5Encoder load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Weights encoder = weights.at("encoder");
        Weights words = weights.at("shared").exists() ? weights.at("shared", "encoder.embed_tokens")
                : weights.at("encoder.embed_tokens");
        Heads heads = new Heads(Heads.Config.read(json), weights);
        heads.with(HeadKind.TOKEN_CLASSIFICATION, "classifier", w -> Head.of(
                Head.dense(w.at("classifier").linear(config.hiddenSize, heads.labelCount()))));
        return new T5Encoder(config, words.embedding(config.vocabSize, config.hiddenSize),
                RelativeBuckets.of(encoder.at("block.0.layer.0.SelfAttention.relative_attention_bias")
                        .embedding(config.buckets, config.heads), config.maxDistance),
                encoder.at("block").list(config.layers, w -> Block.load(config, w)),
                encoder.at("final_layer_norm").rmsNorm(config.hiddenSize, config.normEps), heads);
    }

    @Override
    public Sizes sizes() {
        return Sizes.endless(config.maxTokens, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = pass.embed(words, batch.ids());                                              // [T, H]
        AttentionBias byDistance = bias.bias(pass);
        for (Block block : blocks) {
            x = block.forward(x, byDistance, batch.sequences(), pass);                                // [T, H]
        }
        return pass.rmsNorm(norm, x);                                                           // [T, H]
    }

    /// Norm, self-attention and add; norm, feed-forward and add.
    record Block(String name, RmsNorm attentionNorm, Linear query, Linear key, Linear value, Attention attention,
            Linear out, RmsNorm feedForwardNorm, FeedForward feedForward) {

        static Block load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            int width = config.heads * config.headSize;
            Weights self = w.at("layer.0.SelfAttention");
            return new Block(w.name(),
                    w.at("layer.0.layer_norm").rmsNorm(hidden, config.normEps),
                    self.at("q").linear(hidden, width),
                    self.at("k").linear(hidden, width),
                    self.at("v").linear(hidden, width),
                    new Attention(self.at("context").name(), config.heads, 1),
                    self.at("o").linear(width, hidden),
                    w.at("layer.1.layer_norm").rmsNorm(hidden, config.normEps),
                    feedForward(config, w.at("layer.1.DenseReluDense")));
        }

        private static FeedForward feedForward(Config config, Weights w) {
            int hidden = config.hiddenSize;
            int inner = config.intermediateSize;
            Activation activation = new Activation(w.at("act").name(), config.activation);
            return config.gated
                    ? new GatedUnit(w.at("wi_0").linear(hidden, inner), activation, w.at("wi_1").linear(hidden, inner),
                            w.at("wo").linear(inner, hidden))
                    : new FeedForward.Plain(w.at("wi").linear(hidden, inner), activation, w.at("wo").linear(inner, hidden));
        }

        Matrix forward(Matrix x, AttentionBias bias, Sequences sequences, Pass pass) {
            Matrix y = pass.rmsNorm(attentionNorm, x);                                          // [T, H]
            Matrix q = pass.linear(query, y);                                                   // [T, N·D]
            Matrix k = pass.linear(key, y);                                                     // [T, N·D]
            Matrix v = pass.linear(value, y);                                                   // [T, N·D]
            Matrix context = pass.attention(attention, q, k, v, sequences, bias);               // [T, N·D]
            x = pass.module(name + ".layer.0", pass.add(x, pass.linear(out, context)));         // [T, H]

            Matrix h = feedForward.forward(pass.rmsNorm(feedForwardNorm, x), pass);             // [T, H]
            x = pass.module(name + ".layer.1", pass.add(x, h));                                 // [T, H]
            return pass.layer(name, x);                                                         // [T, H]
        }
    }
}
