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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// MobileBERT (Sun et al. 2020): a deep and thin [Bert]. A layer works on vectors of K features, narrowed from H on its way in
/// and widened on its way out, has several feed-forward networks, and mostly no normalisation but a scale and a shift.
/// Embeddings of E features are seen with their neighbours'.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param pooler     what the first token goes through, if the checkpoint has that
/// @param heads      those of a [Bert]
record MobileBert(Config config, Embeddings embeddings, List<Layer> layers, Optional<Bert.Pooler> pooler,
        Heads heads) implements Encoder {

    /// What some norms have whatever `layer_norm_eps` says: torch's default.
    private static final float DEFAULT_EPS = 1e-5f;

    /// What `config.json` says of a MobileBERT.
    ///
    /// @param bottleneck      whether layers narrow and widen; else `innerSize` K is H
    /// @param narrowAttention whether queries and keys are narrowed on their own, and values not
    record Config(Bert.Config bert, int embeddingSize, int innerSize, boolean bottleneck,
            boolean narrowAttention, int feedForwards, boolean noNorm, boolean trigram) {

        static Config read(ModelConfig json) {
            Bert.Config bert = Bert.Config.read(json, "relu");
            boolean bottleneck = json.flag("use_bottleneck", true);
            boolean narrowAttention = bottleneck && !json.flag("use_bottleneck_attention", false);
            if (narrowAttention) {
                json.only("key_query_shared_bottleneck", true);
            }
            json.only("classifier_activation", true);
            json.only("normalization_type", "no_norm", "layer_norm");
            int inner = bottleneck ? json.size("intra_bottleneck_size", 128) : bert.hiddenSize();
            json.requireMultiple("intra_bottleneck_size", inner, "num_attention_heads", bert.heads());
            return new Config(bert, json.size("embedding_size", 128), inner, bottleneck, narrowAttention,
                    json.size("num_feedforward_networks", 4), json.text("normalization_type", "no_norm").equals("no_norm"),
                    json.flag("trigram_input", true));
        }
    }

    /// Builds the encoder from a checkpoint's weights.
    static MobileBert load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        Embeddings embeddings = Embeddings.load(config, weights.at("embeddings"));
        Optional<Bert.Pooler> pooler = Bert.Pooler.find(config.bert.hiddenSize(), weights.at("pooler"));
        Heads heads = new Heads(config.bert.headConfig(), weights);
        if (config.embeddingSize < config.bert.hiddenSize()) {
            heads.with(HeadKind.MASKED_LM, "cls.predictions.transform",
                    w -> maskedLm(config.bert, embeddings.words, w));
        }
        Bert.addHeads(heads, config.bert, embeddings.words, pooler);
        return new MobileBert(config, embeddings,
                weights.at("encoder.layer").list(config.bert.layers(), w -> Layer.load(config, w)), pooler, heads);
    }

    /// Logits are products with vectors of H features: a word's E, and behind them a column of `dense`, `[H - E, V]`.
    private static Head maskedLm(Bert.Config config, Embedding words, Weights w) {
        int hidden = config.hiddenSize();
        Weights transform = w.at("cls.predictions.transform");
        return Head.of(Head.dense(transform.at("dense").linear(hidden, hidden), config.hiddenAct()),
                Head.norm(transform.at("LayerNorm").layerNorm(hidden, config.layerNormEps())),
                Head.dense(w.at("cls.predictions").extendedLinear(words, "dense.weight", hidden, "decoder", "bias",
                        "decoder.bias")));
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.bert.maxPositions(), config.bert.hiddenSize(), config.bert.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, H]
        for (Layer layer : layers) {
            x = layer.forward(x, batch.sequences(), pass);                                      // [T, H]
        }
        return x;
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// Words with their neighbours, made as wide as a layer's input, then a [Bert]'s sum and norm.
    record Embeddings(boolean trigram, Embedding words, Optional<Linear> widen, Embedding positions,
            Embedding types, Norm norm) {

        static Embeddings load(Config config, Weights w) {
            int hidden = config.bert.hiddenSize();
            boolean widens = config.trigram || config.embeddingSize != hidden;
            return new Embeddings(config.trigram,
                    w.at("word_embeddings").embedding(config.bert.vocabSize(), config.embeddingSize),
                    widens ? Optional.of(w.at("embedding_transformation")
                            .linearWithBias(config.embeddingSize * (config.trigram ? 3 : 1), hidden)) : Optional.empty(),
                    w.at("position_embeddings").embedding(config.bert.maxPositions(), hidden),
                    w.at("token_type_embeddings").embedding(config.bert.typeVocabSize(), hidden),
                    Norm.load(config, hidden, DEFAULT_EPS, w.at("LayerNorm")));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix x = pass.embed(words, batch.ids());                                          // [T, E]
            if (trigram) {
                x = trigrams(x, batch, pass);                                                   // [T, 3E]
            }
            if (widen.isPresent()) {
                x = pass.linear(widen.get(), x);                                                // [T, H]
            }
            Matrix position = pass.embed(positions, batch.positionIds());                       // [T, H]
            Matrix type = pass.embed(types, batch.typeIds());                                   // [T, H]
            return norm.forward(pass.add(pass.add(x, position), type), pass);                   // [T, H]
        }

        // In transformers a text's last token sees the padding behind it. Ours has the numbers of a text alone, unless the
        // batch says what padding stood there, to be compared with that.
        private Matrix trigrams(Matrix x, Batch batch, Pass pass) {
            Optional<Batch.Padded> padded = batch.padded();
            if (padded.isEmpty()) {
                return pass.neighbours(x, batch.sequences(), 1, 0, -1);                         // [T, 3E]
            }
            Matrix more = pass.embed(words.named(""), padded.get().ids());                      // [T + padding, E]
            more = pass.neighbours(more, padded.get().sequences(), 1, 0, -1);                   // [T + padding, 3E]
            return pass.rows(more, padded.get().rows());                                        // [T, 3E]
        }
    }

    /// Out to I features and back, add and norm.
    record FeedForward(Linear intermediate, Activation activation, Dense output) {

        static FeedForward load(Config config, float eps, Weights w) {
            int size = config.bert.intermediateSize();
            return new FeedForward(w.at("intermediate.dense").linearWithBias(config.innerSize, size),
                    new Activation(w.at("intermediate.intermediate_act_fn").name(), config.bert.hiddenAct()),
                    Dense.load(config, size, config.innerSize, eps, w.at("output")));
        }

        Matrix forward(Matrix x, Pass pass) {
            return output.forward(pass.linear(intermediate, x, activation), x, pass);           // [T, K]
        }
    }

    /// Narrow; self-attention, add and norm; feed-forward networks; widen, add and norm.
    record Layer(String name, Optional<Dense> narrow, Optional<Dense> narrowAttention,
            Linear query, Linear key, Linear value, Attention attention, Dense attentionOutput,
            List<FeedForward> feedForwards, Optional<Dense> widen) {

        static Layer load(Config config, Weights w) {
            int hidden = config.bert.hiddenSize();
            int inner = config.innerSize;
            float eps = config.bert.layerNormEps();
            Weights self = w.at("attention.self");
            List<FeedForward> feedForwards = new ArrayList<>();
            if (config.feedForwards > 1) {
                feedForwards.addAll(w.at("ffn").list(config.feedForwards - 1, f -> FeedForward.load(config, eps, f)));
            }
            feedForwards.add(FeedForward.load(config, DEFAULT_EPS, w));
            return new Layer(w.name(),
                    Dense.loadIf(config.bottleneck, config, hidden, inner, w.at("bottleneck.input")),
                    Dense.loadIf(config.narrowAttention, config, hidden, inner, w.at("bottleneck.attention")),
                    self.at("query").linearWithBias(inner, inner),
                    self.at("key").linearWithBias(inner, inner),
                    self.at("value").linearWithBias(config.narrowAttention ? hidden : inner, inner),
                    Attention.of(self.name(), config.bert.heads(), inner),
                    Dense.load(config, inner, inner, eps, w.at("attention.output")), feedForwards,
                    Dense.loadIf(config.bottleneck, config, inner, hidden, w.at("output.bottleneck")));
        }

        Matrix forward(Matrix x, Sequences sequences, Pass pass) {
            Matrix residual = narrow.isPresent() ? narrow.get().forward(x, pass) : x;           // [T, K]
            Matrix seen = narrowAttention.isPresent() ? narrowAttention.get().forward(x, pass) : residual; // [T, K]
            Matrix q = pass.linear(query, seen);                                                // [T, K]
            Matrix k = pass.linear(key, seen);                                                  // [T, K]
            Matrix v = pass.linear(value, narrowAttention.isPresent() ? x : residual);          // [T, K]
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, K]
            Matrix y = attentionOutput.forward(context, residual, pass);                        // [T, K]
            for (FeedForward feedForward : feedForwards) {
                y = feedForward.forward(y, pass);                                               // [T, K]
            }
            y = widen.isPresent() ? widen.get().forward(y, x, pass) : y;                        // [T, H]
            return pass.layer(name, y);                                                         // [T, H]
        }
    }

    /// A dense layer and a norm, between them a residual connection if there is something to add: what
    /// there is wherever it goes from one width to another.
    record Dense(Linear linear, Norm norm) {

        static Dense load(Config config, int in, int out, float eps, Weights w) {
            return new Dense(w.at("dense").linearWithBias(in, out), Norm.load(config, out, eps, w.at("LayerNorm")));
        }

        static Optional<Dense> loadIf(boolean present, Config config, int in, int out, Weights w) {
            return present ? Optional.of(load(config, in, out, config.bert.layerNormEps(), w)) : Optional.empty();
        }

        Matrix forward(Matrix x, Pass pass) {
            return norm.forward(pass.linear(linear, x), pass);                                  // [T, out]
        }

        Matrix forward(Matrix x, Matrix residual, Pass pass) {
            return norm.forward(pass.add(pass.linear(linear, x), residual), pass);              // [T, out]
        }
    }

    /// A normalisation, or what takes its place: `x · weight + bias`.
    record Norm(LayerNorm layerNorm, boolean scaleAndShift) {

        static Norm load(Config config, int size, float eps, Weights w) {
            return new Norm(w.layerNorm(size, eps), config.noNorm());
        }

        Matrix forward(Matrix x, Pass pass) {
            if (!scaleAndShift) {
                return pass.layerNorm(layerNorm, x);                                            // [T, *]
            }
            Matrix scaled = pass.scale(layerNorm.weight(), x);                                  // [T, *]
            return pass.module(layerNorm.name(), pass.shift(layerNorm.bias(), scaled));         // [T, *]
        }
    }
}
