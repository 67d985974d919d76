// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.RopeConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Attention;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.RmsNorm;
import io.encoder4j.nn.Rope;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.util.List;

/// EuroBERT (Boizard et al. 2025): Llama's architecture looking both ways. RMS norms before each half and at the end, rotary
/// positions, a SiLU gate, keys and values shared by groups of heads. Names and numbers are those of transformers'
/// `EuroBertModel`.
///
/// @param config sizes
/// @param words  from ids to vectors
/// @param layers applied one after the other
/// @param norm   at the end
/// @param heads  what stands on it
record EuroBert(Config config, Embedding words, List<Layer> layers, RmsNorm norm, Heads heads) implements Encoder {

    /// What `config.json` says of a EuroBERT.
    ///
    /// @param keyHeads heads of keys and values
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int keyHeads, int headSize,
            int intermediateSize, int maxPositions, ActivationFunction hiddenAct, float rmsNormEps, Rope rope) {

        /// Reads and checks the keys the forward pass uses.
        static Config read(ModelConfig json) {
            json.only("pretraining_tp", 1);
            int hidden = json.size("hidden_size");
            int heads = json.size("num_attention_heads");
            int keyHeads = json.size("num_key_value_heads", heads);
            int headSize = json.size("head_dim", hidden / heads);
            json.requireMultiple("num_attention_heads", heads, "num_key_value_heads", keyHeads);
            return new Config(json.size("vocab_size"), hidden, json.size("num_hidden_layers"), heads, keyHeads,
                    headSize, json.size("intermediate_size"), json.size("max_position_embeddings", 8192),
                    json.activation("hidden_act", "silu"), json.number("rms_norm_eps", 1e-5),
                    RopeConfig.read(json, "rotary_emb", headSize, 10_000));
        }
    }

    static EuroBert load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Embedding words = weights.at("embed_tokens").embedding(config.vocabSize, config.hiddenSize);
        return new EuroBert(config, words,
                weights.at("layers").list(config.layers, w -> Layer.load(config, w)),
                weights.at("norm").rmsNorm(config.hiddenSize, config.rmsNormEps), heads(json, weights, config, words));
    }

    /// The logits of a text: by default the mean of its tokens' logits ("late"), or those of the first or the mean token.
    private static Heads heads(ModelConfig json, Weights weights, Config config, Embedding words) {
        int hidden = config.hiddenSize;
        json.only("classifier_pooling", "late", "bos", "mean");
        String pooling = json.text("classifier_pooling", "late");
        Head.Step all = (x, sequences, pass) -> x;
        Heads heads = new Heads(Heads.Config.read(json), weights);
        return heads.withTokenHeads(hidden)
                .with(HeadKind.MASKED_LM, "lm_head", w -> Head.of(
                        Head.dense(w.at("lm_head").tiedLinear(words, "weight", "bias"))))
                .with(HeadKind.SEQUENCE_CLASSIFICATION, "dense", w -> Head.of(
                        pooling.equals("bos") ? Head.firstToken() : pooling.equals("mean") ? Head.mean() : all,
                        Head.dense(w.at("dense").linear(hidden, hidden), StandardActivation.GELU),
                        Head.dense(w.at("classifier").linear(hidden, heads.labelCount())),
                        pooling.equals("late") ? Head.mean() : all));
    }

    @Override
    public Sizes sizes() {
        return Sizes.endless(config.maxPositions, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Rotation rotation = config.rope.rotation(batch.sequences());
        Matrix x = pass.embed(words, batch.ids());                                              // [T, H]
        for (Layer layer : layers) {
            x = layer.forward(x, rotation, batch.sequences(), pass);                            // [T, H]
        }
        return pass.rmsNorm(norm, x);                                                           // [T, H]
    }

    /// Norm, self-attention and add; norm, gated feed-forward and add.
    record Layer(String name, RmsNorm attentionNorm, Linear query, Linear key, Linear value, Attention attention,
            Linear out, RmsNorm mlpNorm, GatedUnit mlp) {

        static Layer load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            int width = config.heads * config.headSize;
            int keyWidth = config.keyHeads * config.headSize;
            Weights self = w.at("self_attn");
            Weights mlp = w.at("mlp");
            return new Layer(w.name(),
                    w.at("input_layernorm").rmsNorm(hidden, config.rmsNormEps),
                    self.at("q_proj").linear(hidden, width),
                    self.at("k_proj").linear(hidden, keyWidth),
                    self.at("v_proj").linear(hidden, keyWidth),
                    new Attention(self.at("context").name(), config.heads, (float) (1 / Math.sqrt(config.headSize)),
                            config.keyHeads),
                    self.at("o_proj").linear(width, hidden),
                    w.at("post_attention_layernorm").rmsNorm(hidden, config.rmsNormEps),
                    new GatedUnit(mlp.at("gate_proj").linear(hidden, config.intermediateSize),
                            new Activation(mlp.at("act_fn").name(), config.hiddenAct),
                            mlp.at("up_proj").linear(hidden, config.intermediateSize),
                            mlp.at("down_proj").linear(config.intermediateSize, hidden)));
        }

        Matrix forward(Matrix x, Rotation rotation, Sequences sequences, Pass pass) {
            Matrix y = pass.rmsNorm(attentionNorm, x);                                          // [T, H]
            Matrix q = pass.rotate(rotation, pass.linear(query, y), attention.heads());         // [T, N·D]
            Matrix k = pass.rotate(rotation, pass.linear(key, y), attention.keyHeads());        // [T, G·D]
            Matrix v = pass.linear(value, y);                                                   // [T, G·D]
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, N·D]
            x = pass.add(x, pass.linear(out, context));                                         // [T, H]

            Matrix h = mlp.forward(pass.rmsNorm(mlpNorm, x), pass);                             // [T, H]
            return pass.layer(name, pass.add(x, h));                                            // [T, H]
        }
    }
}
