// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Sequences;
import java.util.List;
import java.util.Optional;

/// A loaded encoder: parameters and the one way they are used.
public interface Encoder {

    /// Features of each token's vector, H.
    int hiddenSize();

    /// Number of token ids, V.
    int vocabSize();

    /// Tokens of the longest sequence it can take, the largest integer if its positions have no end.
    int maxTokens();

    /// Tokens of the longest sequence config.json says it is for: longer texts are cut there unless asked otherwise.
    default int trainedTokens() {
        return maxTokens();
    }

    /// The last hidden state: batch of T tokens → `[T, H]`.
    ///
    /// @throws IllegalArgumentException if a sequence is too long or an id is outside the vocabulary
    Matrix forward(Batch batch, Pass pass);

    /// The pooler of the pretraining task, where the checkpoint has one: `[T, H] → [B, H]`.
    Optional<Matrix> pooler(Matrix hidden, Sequences sequences, Pass pass);

    /// What the checkpoint has on top of it.
    Heads heads();

    /// Every learned array that the encoder and its heads are made of, once each. Tied weights are one parameter. In the order
    /// in which they were first used.
    default List<Parameter> parameters() {
        return heads().parameters();
    }
}
