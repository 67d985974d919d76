// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;

/// A loaded encoder: its parameters and its forward pass.
public interface Encoder {

    /// Sizes of an encoder.
    ///
    /// @param hiddenSize    features of each token's vector, H
    /// @param vocabSize     number of token ids, V
    /// @param maxTokens     tokens of the longest sequence it can take; the largest integer if its positions have no end
    /// @param trainedTokens tokens of the longest sequence it is made for, as config.json says
    record Sizes(int hiddenSize, int vocabSize, int maxTokens, int trainedTokens) {

        /// Sizes of an encoder with a table of positions, which is as long as what it is made for.
        static Sizes upTo(int maxTokens, int hiddenSize, int vocabSize) {
            return new Sizes(hiddenSize, vocabSize, maxTokens, maxTokens);
        }

        /// Sizes of an encoder that computes positions, so that they have no end.
        static Sizes endless(int trainedTokens, int hiddenSize, int vocabSize) {
            return new Sizes(hiddenSize, vocabSize, Integer.MAX_VALUE, trainedTokens);
        }
    }

    /// {@return its sizes}
    Sizes sizes();

    /// {@return features of each token's vector, H}
    default int hiddenSize() {
        return sizes().hiddenSize;
    }

    /// {@return number of token ids, V}
    default int vocabSize() {
        return sizes().vocabSize;
    }

    /// {@return tokens of the longest sequence it can take; the largest integer if its positions have no end}
    default int maxTokens() {
        return sizes().maxTokens;
    }

    /// {@return tokens of the longest sequence config.json says it is for: longer texts are cut there unless asked otherwise}
    default int trainedTokens() {
        return sizes().trainedTokens;
    }

    /// {@return whether a text without tokens has an answer: the mean of no vectors is zeros} There is none where a text is
    /// what its tokens say of one another.
    default boolean takesEmptyTexts() {
        return false;
    }

    /// {@return the last hidden state: batch of T tokens → `[T, H]`}
    ///
    /// @param batch the texts, as token ids
    /// @param pass  computes
    /// @throws IllegalArgumentException if a sequence is too long or an id is outside the vocabulary
    Matrix forward(Batch batch, Pass pass);

    /// {@return the pooler of the pretraining task, where the checkpoint has one: `[T, H] → [B, H]`}
    ///
    /// @param hidden    the encoder's output, `[T, H]`
    /// @param sequences where each sequence begins and ends
    /// @param pass      computes
    default Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass) {
        return Optional.empty();
    }

    /// {@return what the checkpoint has on top of it}
    Heads heads();

    /// {@return every learned array that the encoder and its heads are made of, once each} Tied weights are one parameter. In
    /// the order in which they were first used.
    default List<Parameter> parameters() {
        return heads().parameters();
    }
}
