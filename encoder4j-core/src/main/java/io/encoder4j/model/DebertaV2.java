// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.checkpoint.ModelConfig;
import io.encoder4j.checkpoint.Weights;
import io.encoder4j.nn.Activation;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// DeBERTa versions 2 and 3 (He et al. 2020, 2021): a BERT whose scores also compare content with relative position. Distances
/// have buckets. The largest models have a convolution beside the first layer. Names and numbers are those of
/// transformers' `DebertaV2Model`. [Deberta], the first version, differs in its self-attention.
///
/// @param config      sizes
/// @param embeddings  from ids to vectors
/// @param positions   relative positions, if it has any
/// @param convolution beside the first layer, if there is one
/// @param layers      applied one after the other
/// @param heads       what stands on it
record DebertaV2(Config config, Embeddings embeddings, Optional<RelativePositions> positions,
        Optional<Convolution> convolution, List<Layer> layers, Heads heads) implements Encoder {

    /// What `config.json` says of a DeBERTa.
    ///
    /// @param scaleFactor parts of a score: content, and one or two with positions
    /// @param span        rows of relative positions on each side
    record Config(int vocabSize, int hiddenSize, int embeddingSize, int layers, int heads, int intermediateSize,
            int maxPositions, int typeVocabSize, ActivationFunction hiddenAct, float layerNormEps, boolean absolute,
            boolean relative, boolean toPosition, boolean toContent, int scaleFactor, boolean sharedKeys, boolean normed,
            int buckets, int maxDistance, int convolution, ActivationFunction convolutionAct,
            ActivationFunction poolerAct, Heads.Config headConfig) {

        static Config read(ModelConfig json) {
            int hidden = json.size("hidden_size");
            int heads = json.size("num_attention_heads");
            int positions = json.size("max_position_embeddings", 512);
            json.only("attention_head_size", RotaryBert.Config.headSize(json, hidden, heads));
            json.only("talking_head", false);
            json.only("norm_rel_ebd", "none", "layer_norm");
            json.only("conv_groups", 1);
            int convolution = json.index("conv_kernel_size", 0);
            if (convolution > 0 && convolution % 2 == 0) {
                json.problem("conv_kernel_size " + convolution + " is not supported; supported: odd numbers");
            }
            List<String> types = json.texts("pos_att_type").stream().flatMap(t -> Stream.of(t.split("\\|")))
                    .map(t -> t.strip().toLowerCase(Locale.ROOT)).toList();
            if (!List.of("c2p", "p2c").containsAll(types)) {
                json.problem("pos_att_type " + types + " is not supported; supported: [c2p, p2c]");
            }
            int maxDistance = json.whole("max_relative_positions", -1);
            return new Config(json.size("vocab_size"), hidden, json.size("embedding_size", hidden),
                    json.size("num_hidden_layers"), heads, json.size("intermediate_size"), positions,
                    json.index("type_vocab_size", 0), json.activation("hidden_act", "gelu"),
                    json.number("layer_norm_eps", 1e-7), json.flag("position_biased_input", true),
                    json.flag("relative_attention", false), types.contains("c2p"), types.contains("p2c"),
                    1 + types.size(), json.flag("share_att_key", false),
                    json.text("norm_rel_ebd", "none").equals("layer_norm"),
                    Math.max(0, json.whole("position_buckets", -1)), maxDistance < 1 ? positions : maxDistance,
                    convolution, json.activation("conv_act", "tanh"), json.activation("pooler_hidden_act", "gelu"),
                    Heads.Config.read(json));
        }

        int headSize() {
            return hiddenSize / heads;
        }
    }

    static DebertaV2 load(ModelConfig json, Weights weights) {
        return load(Config.read(json), weights, DebertaAttention::load);
    }

    static DebertaV2 load(Config config, Weights weights, BiFunction<Config, Weights, DebertaAttention> self) {
        Weights encoder = weights.at("encoder");
        Embeddings embeddings = Embeddings.load(config, weights.at("embeddings"));
        return new DebertaV2(config, embeddings,
                config.relative ? Optional.of(RelativePositions.load(config, encoder)) : Optional.empty(),
                config.convolution == 0 ? Optional.empty() : Optional.of(Convolution.load(config, encoder.at("conv"))),
                encoder.at("layer").list(config.layers, w -> Layer.load(config, w, self.apply(config, w.at("attention.self")))),
                heads(config, weights, embeddings.words));
    }

    /// The pooler belongs to the classification head. The head for masked words has one of two spellings.
    private static Heads heads(Config config, Weights weights, Embedding words) {
        int hidden = config.hiddenSize;
        Heads heads = new Heads(config.headConfig, weights);
        return heads.withTokenHeads(hidden)
                .with(HeadKind.SEQUENCE_CLASSIFICATION, "pooler.dense", w -> Head.of(Head.firstToken(),
                        Head.dense(w.at("pooler.dense").linear(hidden, hidden), config.poolerAct),
                        Head.dense(w.at("classifier").linear(hidden, heads.labelCount()))))
                .withMaskedLm("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions",
                        config.hiddenAct, config.layerNormEps, hidden, words)
                .withMaskedLm("lm_predictions.lm_head.dense", "lm_predictions.lm_head.LayerNorm", "lm_predictions.lm_head",
                        config.hiddenAct, config.layerNormEps, hidden, words);
    }

    @Override
    public Sizes sizes() {
        return new Sizes(config.hiddenSize, config.vocabSize, config.absolute ? config.maxPositions : Integer.MAX_VALUE,
                config.maxPositions);
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Sequences sequences = batch.sequences();
        RelativePositions.InUse inUse = positions.map(p -> p.inUse(sequences)).orElse(null);
        Matrix embedded = embeddings.forward(batch, pass);                                      // [T, H]
        Matrix x = embedded;
        for (int i = 0; i < layers.size(); i++) {
            x = layers.get(i).forward(x, positions.orElse(null), inUse, sequences, pass);       // [T, H]
            if (i == 0 && convolution.isPresent()) {
                x = convolution.get().forward(embedded, x, sequences, pass);                    // [T, H]
            }
        }
        return x;
    }

    /// The sum of words and, where they exist, positions and types. Projected if the table is narrower, then normalised.
    record Embeddings(Embedding words, Optional<Embedding> positions, Optional<Embedding> types,
            Optional<Linear> projection, LayerNorm norm) {

        static Embeddings load(Config config, Weights w) {
            int size = config.embeddingSize;
            return new Embeddings(w.at("word_embeddings").embedding(config.vocabSize, size),
                    !config.absolute ? Optional.empty()
                            : Optional.of(w.at("position_embeddings").embedding(config.maxPositions, size)),
                    config.typeVocabSize == 0 ? Optional.empty()
                            : Optional.of(w.at("token_type_embeddings").embedding(config.typeVocabSize, size)),
                    size == config.hiddenSize ? Optional.empty()
                            : Optional.of(w.at("embed_proj").linear(size, config.hiddenSize)),
                    w.at("LayerNorm").layerNorm(config.hiddenSize, config.layerNormEps));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix x = pass.embed(words, batch.ids());                                          // [T, E]
            if (positions.isPresent()) {
                x = pass.add(x, pass.embed(positions.get(), batch.positionIds()));              // [T, E]
            }
            if (types.isPresent()) {
                x = pass.add(x, pass.embed(types.get(), batch.typeIds(types.get().size())));    // [T, E]
            }
            if (projection.isPresent()) {
                x = pass.linear(projection.get(), x);                                           // [T, H]
            }
            return pass.layerNorm(norm, x);                                                     // [T, H]
        }
    }

    /// Self-attention, add and norm; feed-forward, add and norm.
    record Layer(String name, DebertaAttention self, Linear attentionOutput, LayerNorm attentionNorm,
            FeedForward.Plain feedForward, LayerNorm outputNorm) {

        static Layer load(Config config, Weights w, DebertaAttention self) {
            int hidden = config.hiddenSize;
            return new Layer(w.name(), self,
                    w.at("attention.output.dense").linearWithBias(hidden, hidden),
                    w.at("attention.output.LayerNorm").layerNorm(hidden, config.layerNormEps),
                    new FeedForward.Plain(w.at("intermediate.dense").linearWithBias(hidden, config.intermediateSize),
                            new Activation(w.at("intermediate.intermediate_act_fn").name(), config.hiddenAct),
                            w.at("output.dense").linearWithBias(config.intermediateSize, hidden)),
                    w.at("output.LayerNorm").layerNorm(hidden, config.layerNormEps));
        }

        Matrix forward(Matrix x, @Nullable RelativePositions positions, RelativePositions.@Nullable InUse inUse,
                Sequences sequences, Pass pass) {
            Matrix context = self.forward(x, positions, inUse, sequences, pass);                // [T, H]
            x = pass.layerNorm(attentionNorm, pass.add(pass.linear(attentionOutput, context), x)); // [T, H]
            Matrix y = feedForward.forward(x, pass);                                            // [T, H]
            return pass.layer(name, pass.layerNorm(outputNorm, pass.add(y, x)));                // [T, H]
        }
    }

    /// A convolution over the embedded tokens, added to what the first layer returns and normalised.
    record Convolution(Linear linear, Activation activation, int[] offsets, LayerNorm norm) {

        static Convolution load(Config config, Weights w) {
            int size = config.convolution;
            return new Convolution(w.at("conv").convolution(config.hiddenSize, config.hiddenSize, size),
                    new Activation(w.at("conv_act").name(), config.convolutionAct),
                    IntStream.rangeClosed(-(size / 2), size / 2).toArray(),
                    w.at("LayerNorm").layerNorm(config.hiddenSize, config.layerNormEps));
        }

        Matrix forward(Matrix embedded, Matrix x, Sequences sequences, Pass pass) {
            Matrix around = pass.neighbours(embedded, sequences, offsets);                      // [T, size·H]
            Matrix y = pass.linear(linear, around, activation);                                 // [T, H]
            return pass.layerNorm(norm, pass.add(x, y));                                        // [T, H]
        }
    }
}
