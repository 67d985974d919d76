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
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// RoFormer (Su et al. 2021): a [Bert] without learned positions. Queries and keys, if `rotary_value` values too, are rotated
/// by their position instead, neighbours in pairs. There is no pooler.
///
/// @param config     sizes
/// @param embeddings from ids to vectors of `embedding_size` E
/// @param project    from E to H, where they differ
/// @param positions  sines and cosines of every position, side by side: a table in the checkpoint, though it is computed
/// @param layers     applied one after the other
/// @param heads      those of RoFormerForMaskedLM, RoFormerForSequenceClassification, …
record RoFormer(Bert.Config config, Embeddings embeddings, Optional<Linear> project, Positions positions,
        List<Layer> layers, Heads heads) implements Encoder {

    /// Builds the encoder from a checkpoint's weights.
    static RoFormer load(ModelConfig json, Weights weights) {
        Bert.Config config = Bert.Config.read(json);
        int size = json.size("embedding_size", config.hiddenSize());
        boolean rotaryValue = json.flag("rotary_value", false);
        Embeddings embeddings = Embeddings.load(config, size, weights.at("embeddings"));
        Heads heads = new Heads(config.headConfig(), weights).withTokenHeads(config.hiddenSize())
                .withFirstTokenClassifier(config.hiddenSize(), config.hiddenAct());
        Bert.addPretrainingHeads(heads, config, embeddings.words, Optional.empty());
        return new RoFormer(config, embeddings,
                size == config.hiddenSize() ? Optional.empty()
                        : Optional.of(weights.at("embeddings_project").linearWithBias(size, config.hiddenSize())),
                Positions.load(config, weights.at("encoder.embed_positions")),
                weights.at("encoder.layer").list(config.layers(), w -> Layer.load(config, rotaryValue, w)), heads);
    }

    @Override
    public Sizes sizes() {
        return Sizes.upTo(config.maxPositions(), config.hiddenSize(), config.vocabSize());
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        Matrix x = embeddings.forward(batch, pass);                                             // [T, E]
        if (project.isPresent()) {
            x = pass.linear(project.get(), x);                                                  // [T, H]
        }
        Rotation rotation = positions.forward(batch, pass);
        for (Layer layer : layers) {
            x = layer.forward(x, rotation, batch.sequences(), pass);                            // [T, H]
        }
        return x;
    }

    /// The sum of two look-ups, normalised.
    record Embeddings(Embedding words, Embedding types, LayerNorm norm) {

        static Embeddings load(Bert.Config config, int size, Weights w) {
            return new Embeddings(w.at("word_embeddings").embedding(config.vocabSize(), size),
                    w.at("token_type_embeddings").embedding(config.typeVocabSize(), size),
                    w.at("LayerNorm").layerNorm(size, config.layerNormEps()));
        }

        Matrix forward(Batch batch, Pass pass) {
            Matrix word = pass.embed(words, batch.ids());                                       // [T, E]
            Matrix type = pass.embed(types, batch.typeIds());                                   // [T, E]
            return pass.layerNorm(norm, pass.add(word, type));                                  // [T, E]
        }
    }

    /// The rotations, from a table in the checkpoint that training never changes.
    static final class Positions {

        private final Embedding table;
        private final int pairs;
        private volatile float @Nullable [][] cosAndSin;

        /// @param table `[positions, D]`: D / 2 sines, then D / 2 cosines
        Positions(Embedding table, int pairs) {
            this.table = table;
            this.pairs = pairs;
        }

        static Positions load(Bert.Config config, Weights w) {
            int pairs = config.hiddenSize() / config.heads() / 2;
            return new Positions(w.embedding(config.maxPositions(), 2 * pairs), pairs);
        }

        Rotation forward(Batch batch, Pass pass) {
            // The look-up only checks the positions and shows them in the trace: kernels read the whole tables.
            pass.embed(table, batch.positionIds());
            float[][] tables = cosAndSin;
            if (tables == null) {
                tables = cosAndSin();
                cosAndSin = tables;
            }
            return new Rotation("", tables[0], tables[1], pairs, true, batch.positionIds());
        }

        private float[][] cosAndSin() {
            float[] values = table.weight().vector();
            float[][] tables = new float[2][values.length / 2];
            for (int i = 0; i < values.length / 2; i++) {
                tables[0][i] = values[2 * pairs * (i / pairs) + pairs + i % pairs];
                tables[1][i] = values[2 * pairs * (i / pairs) + i % pairs];
            }
            return tables;
        }
    }

    /// A [Bert.Layer] whose queries and keys are rotated.
    record Layer(String name, Linear query, Linear key, Linear value, boolean rotaryValue, Attention attention,
            Linear attentionOutput, LayerNorm attentionNorm,
            Linear intermediate, Activation activation, Linear output, LayerNorm outputNorm) {

        static Layer load(Bert.Config config, boolean rotaryValue, Weights w) {
            int hidden = config.hiddenSize();
            Weights self = w.at("attention.self");
            return new Layer(w.name(),
                    self.at("query").linearWithBias(hidden, hidden),
                    self.at("key").linearWithBias(hidden, hidden),
                    self.at("value").linearWithBias(hidden, hidden), rotaryValue,
                    Attention.of(self.name(), config.heads(), hidden),
                    w.at("attention.output.dense").linearWithBias(hidden, hidden),
                    w.at("attention.output.LayerNorm").layerNorm(hidden, config.layerNormEps()),
                    w.at("intermediate.dense").linearWithBias(hidden, config.intermediateSize()),
                    new Activation(w.at("intermediate.intermediate_act_fn").name(), config.hiddenAct()),
                    w.at("output.dense").linearWithBias(config.intermediateSize(), hidden),
                    w.at("output.LayerNorm").layerNorm(hidden, config.layerNormEps()));
        }

        Matrix forward(Matrix x, Rotation rotation, Sequences sequences, Pass pass) {
            int heads = attention.heads();
            Matrix q = pass.rotate(rotation, pass.linear(query, x), heads);                     // [T, H]
            Matrix k = pass.rotate(rotation, pass.linear(key, x), heads);                       // [T, H]
            Matrix v = pass.linear(value, x);                                                   // [T, H]
            v = rotaryValue ? pass.rotate(rotation, v, heads) : v;                              // [T, H]
            Matrix context = pass.attention(attention, q, k, v, sequences, AttentionBias.NONE); // [T, H]
            Matrix attended = pass.linear(attentionOutput, context);                            // [T, H]
            x = pass.layerNorm(attentionNorm, pass.add(attended, x));                           // [T, H]

            Matrix h = pass.linear(intermediate, x, activation);                                // [T, I]
            Matrix y = pass.linear(output, h);                                                  // [T, H]
            return pass.layer(name, pass.layerNorm(outputNorm, pass.add(y, x)));                // [T, H]
        }
    }
}
