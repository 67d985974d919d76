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
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;

/// ALBERT (Lan et al. 2019): a [Bert] that uses few layers many times, and whose embeddings are smaller than its layers.
///
/// @param config     sizes
/// @param embeddings from ids to vectors of `embedding_size` E
/// @param project    from E to H, even if they are the same
/// @param groups     the layers there are; each group serves as many times as the others
/// @param pooler     dense layer and tanh over the first token, if the checkpoint has one
/// @param heads      those of AlbertForMaskedLM, AlbertForSequenceClassification, …
record Albert(Bert.Config config, Bert.Embeddings embeddings, Linear project, List<List<Bert.Layer>> groups,
        Optional<Bert.Pooler> pooler, Heads heads) implements Encoder {

    /// Of the published checkpoints, the largest have 12.
    private static final int MOST_LAYERS = 1_000;

    /// Builds the encoder from a checkpoint's weights.
    static Albert load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json, "gelu_new");
        if (config.layers() > MOST_LAYERS) {
            json.problem("num_hidden_layers " + config.layers() + " is more than " + MOST_LAYERS
                    + "; the layers are shared, so no tensor stands for one");
        }
        int size = json.size("embedding_size", 128);
        int inner = json.size("inner_group_num", 1);
        Bert.Embeddings embeddings = Bert.Embeddings.load(config, size, weights.at("embeddings"));
        Optional<Bert.Pooler> pooler = weights.at("pooler").exists() ? Optional.of(
                Bert.Pooler.load(config.hiddenSize(), weights.at("pooler"), "pooler_activation")) : Optional.empty();
        return new Albert(config, embeddings,
                weights.at("encoder.embedding_hidden_mapping_in").linearWithBias(size, config.hiddenSize()),
                weights.at("encoder.albert_layer_groups").list(groups(json, config.layers()),
                        group -> group.at("albert_layers").list(inner, w -> layer(config, w))),
                pooler, heads(config, size, new Heads(config.headConfig(), weights), embeddings.words(), pooler));
    }

    private static Heads heads(Bert.Config config, int size, Heads heads, Embedding words,
            Optional<Bert.Pooler> pooler) {
        int hidden = config.hiddenSize();
        pooler.ifPresent(p -> heads.with(HeadKind.SEQUENCE_CLASSIFICATION, "classifier", w -> Head.of(
                p::forward, Head.dense(w.at("classifier").linear(hidden, heads.labelCount())))));
        return heads.withTokenHeads(hidden)
                .with(HeadKind.MASKED_LM, "predictions", w -> Head.of(
                        Head.dense(w.at("predictions.dense").linear(hidden, size), config.hiddenAct()),
                        Head.norm(w.at("predictions.LayerNorm").layerNorm(size, config.layerNormEps())),
                        Head.dense(w.at("predictions").tiedLinear(words, "decoder.weight", "bias", "decoder.bias"))));
    }

    private static int groups(ModelConfig json, int layers) {
        int groups = json.size("num_hidden_groups", 1);
        if (groups > layers) {
            json.problem("num_hidden_groups " + groups + " is more than num_hidden_layers " + layers);
        }
        return groups;
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions(), config.hiddenSize(), config.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = pass.linear(project, embeddings.forward(batch, pass));                       // [T, H]
        for (int i = 0; i < config.layers(); i++) {
            // In floating point, as transformers divides: the groups need not divide the layers.
            int group = (int) (i / ((double) config.layers() / groups.size()));
            for (Bert.Layer layer : groups.get(group)) {
                x = layer.forward(x, batch.sequences(), pass);                                  // [T, H]
            }
        }
        return x;
    }

    @Override
    public Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return pooler.map(p -> p.forward(hidden, sequences, pass));                             // [B, H]
    }

    /// Where a [Bert.Layer] has its weights here.
    private static Bert.Layer layer(Bert.Config config, Weights w) {
        int hidden = config.hiddenSize();
        Weights self = w.at("attention");
        return new Bert.Layer(w.name(),
                self.at("query").linearWithBias(hidden, hidden),
                self.at("key").linearWithBias(hidden, hidden),
                self.at("value").linearWithBias(hidden, hidden),
                Attention.of(self.at("context").name(), config.heads(), hidden),
                self.at("dense").linearWithBias(hidden, hidden),
                self.at("LayerNorm").layerNorm(hidden, config.layerNormEps()),
                w.at("ffn").linearWithBias(hidden, config.intermediateSize()),
                new Activation(w.at("activation").name(), config.hiddenAct()),
                w.at("ffn_output").linearWithBias(config.intermediateSize(), hidden),
                w.at("full_layer_layer_norm").layerNorm(hidden, config.layerNormEps()));
    }
}
