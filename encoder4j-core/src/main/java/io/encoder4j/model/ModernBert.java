// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.RopeConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
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
import java.util.stream.IntStream;

/// ModernBERT (Warner et al. 2024): norms before each half, a GELU gate, rotary positions; most layers look only at tokens
/// nearby, and have a base for their rotary positions of their own. Names and numbers are those of transformers'
/// `ModernBertModel`; config.json may be spelt as before version 5 of it.
///
/// @param config sizes
/// @param words  from ids to vectors
/// @param norm   after the words
/// @param layers applied one after the other
/// @param last   the norm at the end
/// @param heads  what stands on it
record ModernBert(Config config, Embedding words, LayerNorm norm, List<Layer> layers, LayerNorm last, Heads heads)
        implements Encoder {

    private static final String LOCAL = "sliding_attention";
    private static final String GLOBAL = "full_attention";

    /// What `config.json` says of a ModernBERT.
    ///
    /// @param local whether each layer looks only at tokens nearby
    /// @param reach how many tokens before and after a local layer looks at
    record Config(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize, int maxPositions,
            ActivationFunction activation, float normEps, boolean normBias, List<Boolean> local, int reach,
            Rope globalRope, Rope localRope) {

        /// Reads and checks the keys the forward pass uses.
        static Config read(ModelConfig json) {
            int hidden = json.size("hidden_size");
            int heads = json.size("num_attention_heads");
            int headSize = RotaryBert.Config.headSize(json, hidden, heads);
            int layers = json.size("num_hidden_layers");
            return new Config(json.size("vocab_size"), hidden, layers, heads, json.size("intermediate_size"),
                    json.size("max_position_embeddings", 8192), json.activation("hidden_activation", "gelu"),
                    json.number("norm_eps", 1e-5), json.flag("norm_bias", false), local(json, layers),
                    json.size("local_attention", 128) / 2,
                    rope(json, GLOBAL, headSize, json.number("global_rope_theta", 160_000)),
                    rope(json, LOCAL, headSize, json.number("local_rope_theta", 10_000)));
        }

        private static List<Boolean> local(ModelConfig json, int layers) {
            List<String> types = json.texts("layer_types");
            int every = json.size("global_attn_every_n_layers", 3);
            if (types.isEmpty()) {
                return IntStream.range(0, layers).mapToObj(i -> i % every != 0).toList();
            }
            if (types.size() != layers || !List.of(LOCAL, GLOBAL).containsAll(types)) {
                json.problem("layer_types must be " + layers + " times " + LOCAL + " or " + GLOBAL + ", found " + types);
                return IntStream.range(0, layers).mapToObj(i -> false).toList();
            }
            return types.stream().map(LOCAL::equals).toList();
        }

        private static Rope rope(ModelConfig json, String layerType, int headSize, double theta) {
            ModelConfig parameters = json.has("rope_scaling") ? json.at("rope_scaling")
                    : json.at("rope_parameters").at(layerType);
            return RopeConfig.read(json, parameters, "rotary_emb", headSize, theta);
        }

        LayerNorm norm(Weights w) {
            return normBias ? w.layerNorm(hiddenSize, normEps) : w.layerNormWithoutBias(hiddenSize, normEps);
        }
    }

    static ModernBert load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Embedding words = weights.at("embeddings.tok_embeddings").embedding(config.vocabSize, config.hiddenSize);
        return new ModernBert(config, words, config.norm(weights.at("embeddings.norm")),
                weights.at("layers").list(config.layers, w -> Layer.load(config, w)),
                config.norm(weights.at("final_norm")), heads(json, weights, config, words));
    }

    /// All heads begin with a dense layer, an activation and a norm; that for answers is called `classifier` too.
    private static Heads heads(ModelConfig json, Weights weights, Config config, Embedding words) {
        int hidden = config.hiddenSize;
        json.only("classifier_pooling", "cls", "mean");
        ActivationFunction activation = json.activation("classifier_activation", "gelu");
        Head.Step picked = json.text("classifier_pooling", "cls").equals("mean") ? Head.mean() : Head.firstToken();
        Function<Weights, Head.Step> dense = w -> Head.dense(w.at("head.dense").linear(hidden, hidden), activation);
        Function<Weights, Head.Step> norm = w -> Head.norm(config.norm(w.at("head.norm")));
        Heads heads = new Heads(Heads.Config.read(json), weights);
        heads.with(HeadKind.SEQUENCE_CLASSIFICATION, "classifier", w -> Head.of(picked, dense.apply(w), norm.apply(w),
                Head.dense(w.at("classifier").linear(hidden, heads.labelCount()))));
        heads.with(HeadKind.TOKEN_CLASSIFICATION, "classifier", w -> Head.of(dense.apply(w), norm.apply(w),
                Head.dense(w.at("classifier").linear(hidden, heads.labelCount()))));
        heads.with(HeadKind.QUESTION_ANSWERING, "classifier", w -> Head.of(dense.apply(w), norm.apply(w),
                Head.dense(w.at("classifier").linear(hidden, 2))));
        return heads.with(HeadKind.MASKED_LM, "decoder", w -> Head.of(dense.apply(w), norm.apply(w),
                Head.dense(w.at("decoder").tiedLinear(words, "weight", "bias"))));
    }

    @Override
    public Sizes sizes() {
        return Sizes.endless(config.maxPositions, config.hiddenSize, config.vocabSize);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Sequences sequences = batch.sequences();
        Rotation global = config.globalRope.rotation(sequences);
        Rotation local = config.localRope.rotation(sequences);
        AttentionBias window = new AttentionBias.Window(config.reach);
        Matrix x = pass.layerNorm(norm, pass.embed(words, batch.ids()));                        // [T, H]
        for (int i = 0; i < layers.size(); i++) {
            x = config.local.get(i) ? layers.get(i).forward(x, local, window, sequences, pass)  // [T, H]
                    : layers.get(i).forward(x, global, AttentionBias.NONE, sequences, pass);    // [T, H]
        }
        return pass.layerNorm(last, x);                                                         // [T, H]
    }

    /// Norm, self-attention and add; norm, gated feed-forward and add. The first layer has no first norm, for what it is
    /// given has just been normalised.
    record Layer(String name, Optional<LayerNorm> attentionNorm, Linear qkv, Attention attention, Linear out,
            LayerNorm mlpNorm, Linear gateAndUp, Activation activation, Linear down) {

        static Layer load(Config config, Weights w) {
            int hidden = config.hiddenSize;
            return new Layer(w.name(),
                    w.name().equals("layers.0") ? Optional.empty() : Optional.of(config.norm(w.at("attn_norm"))),
                    w.at("attn.Wqkv").linear(hidden, 3 * hidden),
                    Attention.of(w.at("attn.context").name(), config.heads, hidden),
                    w.at("attn.Wo").linear(hidden, hidden),
                    config.norm(w.at("mlp_norm")),
                    w.at("mlp.Wi").linear(hidden, 2 * config.intermediateSize),
                    new Activation(w.at("mlp.act").name(), config.activation),
                    w.at("mlp.Wo").linear(config.intermediateSize, hidden));
        }

        Matrix forward(Matrix x, Rotation rotation, AttentionBias bias, Sequences sequences, Pass pass) {
            int hidden = x.cols();
            int heads = attention.heads();
            Matrix y = attentionNorm.isPresent() ? pass.layerNorm(attentionNorm.get(), x)       // [T, H]
                    : pass.module(name + ".attn_norm", x);                                      // [T, H]
            Matrix all = pass.linear(qkv, y);                                                   // [T, 3·H]
            Matrix q = pass.rotate(rotation, all.columns(0, hidden), heads);                    // [T, H]
            Matrix k = pass.rotate(rotation, all.columns(hidden, 2 * hidden), heads);           // [T, H]
            Matrix v = all.columns(2 * hidden, 3 * hidden);                                     // [T, H]
            Matrix context = pass.attention(attention, q, k, v, sequences, bias);               // [T, H]
            x = pass.add(x, pass.module(name + ".attn.out_drop", pass.linear(out, context)));   // [T, H]

            Matrix h = pass.linear(gateAndUp, pass.layerNorm(mlpNorm, x));                      // [T, 2·I]
            Matrix gate = pass.activation(activation, h.columns(0, h.cols() / 2));              // [T, I]
            h = pass.multiply(gate, h.columns(h.cols() / 2, h.cols()));                         // [T, I]
            return pass.layer(name, pass.add(x, pass.linear(down, h)));                         // [T, H]
        }
    }
}
