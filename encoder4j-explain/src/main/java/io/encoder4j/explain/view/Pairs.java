// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.view;

import io.encoder4j.Ability;
import io.encoder4j.Embedder;
import io.encoder4j.EncoderModel;
import io.encoder4j.MultiVectorEmbedder;
import io.encoder4j.explain.data.Views.Similarity;
import io.encoder4j.explain.walk.ByHand;
import io.encoder4j.nn.Batch;
import io.encoder4j.task.TokenVectors;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two texts side by side, each encoded by itself.
public final class Pairs {

    private Pairs() { }

    /// How similar two texts are, and which of their tokens; null if the model gives no vectors.
    public static @Nullable Similarity of(EncoderModel model, String text, String pair) {
        List<Ability> abilities = model.abilities();
        if (can(abilities, MultiVectorEmbedder.TASK.name())) {
            return maxSim(model.task(MultiVectorEmbedder.TASK), text, pair);
        }
        return can(abilities, Embedder.TASK.name()) ? dense(model, text, pair) : null;
    }

    private static boolean can(List<Ability> abilities, String task) {
        return abilities.stream().anyMatch(ability -> ability.possible() && ability.name().equals(task));
    }

    private static Similarity maxSim(MultiVectorEmbedder embedder, String query, String document) {
        TokenVectors left = embedder.embedQuery(query);
        TokenVectors right = embedder.embedDocument(document);
        Tensor map = Tensor.zeros(left.vectors().length, right.vectors().length);
        for (int row = 0; row < map.size(0); row++) {
            for (int col = 0; col < map.size(1); col++) {
                double dot = 0;
                for (int i = 0; i < left.vectors()[row].length; i++) {
                    dot += (double) left.vectors()[row][i] * right.vectors()[col][i];
                }
                map.set((float) dot, row, col);
            }
        }
        return new Similarity("maxsim", left.maxSim(right), embedder.queryTokens(query), embedder.documentTokens(document), map);
    }

    private static Similarity dense(EncoderModel model, String text, String pair) {
        Embedder embedder = model.task(Embedder.TASK);
        double value = embedder.similarity(embedder.embed(text), embedder.embed(pair));
        Encoding left = encode(model, text);
        Encoding right = encode(model, pair);
        Tensor first = model.tensors().hiddenStates(Batch.of(List.of(left.ids()), List.of(left.typeIds())));
        Tensor second = model.tensors().hiddenStates(Batch.of(List.of(right.ids()), List.of(right.typeIds())));
        Tensor map = Tensor.zeros(left.length(), right.length());
        for (int row = 0; row < left.length(); row++) {
            double[] one = ByHand.row(first, row);
            for (int col = 0; col < right.length(); col++) {
                map.set((float) LayersSeen.cosine(one, ByHand.row(second, col)), row, col);
            }
        }
        return new Similarity(model.pipeline().similarity(), value, left.tokens(), right.tokens(), map);
    }

    private static Encoding encode(EncoderModel model, String text) {
        return model.tokenizer().encode(text, null, EncodeOptions.defaults().withTruncation(
                model.tokenizer().truncateTo(model.maxTokens())));
    }
}
