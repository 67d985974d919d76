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
import java.util.function.Supplier;

/// MobileBERT (Sun et al. 2020): a deep and thin [Bert]. A layer works on vectors of K features, narrowed from H on its way in
/// and widened on its way out, has several feed-forward networks, and mostly no normalisation but a scale and a shift.
/// Embeddings of E features are seen with their neighbours'.
///
/// @param config     sizes
/// @param embeddings from ids to vectors
/// @param layers     applied one after the other
/// @param pooler     what the first token goes through, if the checkpoint has that
public record MobileBert(Config config, Embeddings embeddings, List<Layer> layers, Optional<Bert.Pooler> pooler)
        implements Encoder {

    /// What some norms have whatever `layer_norm_eps` says: torch's default.
    private static final float DEFAULT_EPS = 1e-5f;

    /// What `config.json` says of a MobileBERT.
    ///
    /// @param innerSize       features a layer works on, K
    /// @param bottleneck      whether layers narrow and widen; else K = H
    /// @param narrowAttention whether queries, keys and values see what the residual connection does
    /// @param sharedNarrow    whether queries and keys are narrowed on their own, and values not
    public record Config(Bert.Config bert, int embeddingSize, int innerSize, boolean bottleneck,
            boolean narrowAttention, boolean sharedNarrow, int feedForwards, boolean noNorm, boolean trigram) {

        static Config read(ModelConfig json) {
            Bert.Config bert = Bert.Config.read(json, "relu");
            boolean bottleneck = json.flag("use_bottleneck", true);
            boolean narrow = json.flag("use_bottleneck_attention", false);
            boolean shared = json.flag("key_query_shared_bottleneck", true);
            int inner = bottleneck ? json.size("intra_bottleneck_size", 128) : bert.hiddenSize();
            json.only("normalization_type", "no_norm", "layer_norm");
            if (inner % bert.heads() != 0) {
                json.problem("intra_bottleneck_size " + inner + " is not a multiple of num_attention_heads "
                        + bert.heads());
            }
            if (!narrow && !shared && inner != bert.hiddenSize()) {
                json.problem("key_query_shared_bottleneck false needs use_bottleneck_attention true");
            }
            return new Config(bert, json.size("embedding_size", 128), inner, bottleneck, narrow, shared,
                    json.size("num_feedforward_networks", 4), json.text("normalization_type", "no_norm").equals("no_norm"),
                    json.flag("trigram_input", true));
        }
    }

    /// Builds the encoder from a checkpoint's weights.
    public static MobileBert load(ModelConfig json, Weights weights) {
        Config config = Config.read(json);
        return new MobileBert(config, Embeddings.load(config, weights.at("embeddings")),
                weights.at("encoder.layer").list(config.bert.layers(), w -> Layer.load(config, w)),
                Bert.Pooler.find(config.bert.hiddenSize(), weights.at("pooler")));
    }

    @Override
    public int hiddenSize() {
        return config.bert.hiddenSize();
    }

    @Override
    public int vocabSize() {
        return config.bert.vocabSize();
    }

    @Override
    public int maxTokens() {
        return config.bert.maxPositions();
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
    public record Embeddings(boolean trigram, Embedding words, Optional<Linear> widen, Embedding positions,
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
                x = pass.neighbours(x, batch.sequences(), 1, 0, -1);                            // [T, 3E]
            }
            if (widen.isPresent()) {
                x = pass.linear(widen.get(), x);                                                // [T, H]
            }
            Matrix position = pass.embed(positions, batch.positionIds());                       // [T, H]
            Matrix type = pass.embed(types, batch.typeIds());                                   // [T, H]
            return norm.forward(pass.add(pass.add(x, position), type), pass);                   // [T, H]
        }
    }

    /// A normalisation, or what takes its place: `x · weight + bias`.
    ///
    /// @param weight one row
    /// @param bias   one row
    public record Norm(String name, Optional<LayerNorm> layerNorm, Embedding weight, Embedding bias) {

        static Norm load(Config config, int size, float eps, Weights w) {
            Embedding weight = row(w.name() + ".weight", w.vector(size, "weight", "gamma"));
            Embedding bias = row(w.name() + ".bias", w.vector(size, "bias", "beta"));
            return new Norm(w.name(), config.noNorm ? Optional.empty() : Optional.of(w.layerNorm(size, eps)), weight, bias);
        }

        private static Embedding row(String name, float[] values) {
            return new Embedding(name, Matrix.of(1, values.length, values));
        }

        Matrix forward(Matrix x, Pass pass) {
            if (layerNorm.isPresent()) {
                return pass.layerNorm(layerNorm.get(), x);                                      // [T, *]
            }
            int[] everyToken = new int[x.rows()];
            Matrix scaled = pass.multiply(x, pass.embed(weight, everyToken));                   // [T, *]
            return pass.module(name, pass.add(scaled, pass.embed(bias, everyToken)));           // [T, *]
        }
    }

    /// A dense layer and a norm, between them a residual connection if there is something to add.
    public record Dense(Linear linear, Norm norm) {

        static Dense load(Config config, int in, int out, float eps, Weights w) {
            return new Dense(w.at("dense").linearWithBias(in, out), Norm.load(config, out, eps, w.at("LayerNorm")));
        }

        Matrix forward(Matrix x, Pass pass) {
            return norm.forward(pass.linear(linear, x), pass);                                  // [T, out]
        }

        Matrix forward(Matrix x, Matrix residual, Pass pass) {
            return norm.forward(pass.add(pass.linear(linear, x), residual), pass);              // [T, out]
        }
    }

    /// Out to I features and back, add and norm.
    public record FeedForward(Linear intermediate, Activation activation, Dense output) {

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
    public record Layer(String name, String bottleneck, Optional<Dense> narrow, Optional<Dense> narrowAttention, boolean narrowValue,
            Linear query, Linear key, Linear value, Attention attention, Dense attentionOutput,
            List<FeedForward> feedForwards, Optional<Dense> widen) {

        static Layer load(Config config, Weights w) {
            int hidden = config.bert.hiddenSize();
            int inner = config.innerSize;
            float eps = config.bert.layerNormEps();
            Weights self = w.at("attention.self");
            boolean shared = config.bottleneck && config.sharedNarrow && !config.narrowAttention;
            List<FeedForward> feedForwards = new ArrayList<>();
            if (config.feedForwards > 1) {
                feedForwards.addAll(w.at("ffn").list(config.feedForwards - 1, f -> FeedForward.load(config, eps, f)));
            }
            feedForwards.add(FeedForward.load(config, DEFAULT_EPS, w));
            return new Layer(w.name(), w.at("bottleneck").name(),
                    when(config.bottleneck, () -> Dense.load(config, hidden, inner, eps, w.at("bottleneck.input"))),
                    when(shared, () -> Dense.load(config, hidden, inner, eps, w.at("bottleneck.attention"))),
                    config.narrowAttention,
                    self.at("query").linearWithBias(inner, inner), self.at("key").linearWithBias(inner, inner),
                    self.at("value").linearWithBias(config.narrowAttention ? inner : hidden, inner),
                    new Attention(self.name(), config.bert.heads(), (float) (1 / Math.sqrt(inner / config.bert.heads()))),
                    Dense.load(config, inner, inner, eps, w.at("attention.output")), feedForwards,
                    when(config.bottleneck, () -> Dense.load(config, inner, hidden, eps, w.at("output.bottleneck"))));
        }

        private static <T> Optional<T> when(boolean present, Supplier<T> value) {
            return present ? Optional.of(value.get()) : Optional.empty();
        }

        Matrix forward(Matrix x, Sequences sequences, Pass pass) {
            Matrix residual = narrow.isPresent() ? narrow.get().forward(x, pass) : x;           // [T, K]
            Matrix seen = narrowAttention.isPresent() ? narrowAttention.get().forward(x, pass)  // [T, K]
                    : narrowValue ? residual : x;
            seen = pass.module(bottleneck, seen);                                               // [T, K]
            Matrix q = pass.linear(query, seen);                                                // [T, K]
            Matrix k = pass.linear(key, seen);                                                  // [T, K]
            Matrix v = pass.linear(value, narrowValue ? residual : x);                          // [T, K]
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, K]
            Matrix y = attentionOutput.forward(context, residual, pass);                        // [T, K]

            for (FeedForward feedForward : feedForwards) {
                y = feedForward.forward(y, pass);                                               // [T, K]
            }
            y = widen.isPresent() ? widen.get().forward(y, x, pass) : y;                        // [T, H]
            return pass.layer(name, y);                                                         // [T, H]
        }
    }
}
