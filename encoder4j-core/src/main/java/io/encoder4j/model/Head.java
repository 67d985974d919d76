// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Activation;
import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.Linear;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import java.util.Arrays;
import java.util.List;

/// A head of an encoder: a few steps from the last hidden state to logits. The heads of all families are made of the same
/// steps: pick a token or the mean, dense layer and activation, norm. The last step is a dense layer.
///
/// @param steps applied one after the other
public record Head(List<Step> steps) {

    /// `[T or B, in] → [T or B, out]`. A family with a step of its own writes it as a lambda.
    @FunctionalInterface
    public interface Step {
        /// Computes the step.
        ///
        /// @param x         what the step before it gave; the encoder's output for the first
        /// @param sequences where each sequence begins and ends
        /// @param pass      computes
        /// @return what the step makes of it
        Matrix apply(Matrix x, Sequences sequences, Pass pass);
    }

    /// A head of the given steps.
    static Head of(Step... steps) {
        return new Head(List.of(steps));
    }

    /// The first token of each sequence: `[T, H] → [B, H]`.
    static Step firstToken() {
        return (x, sequences, pass) -> pass.rows(x, Arrays.copyOf(sequences.starts(), sequences.count()));
    }

    /// The mean of each sequence's tokens: `[T, H] → [B, H]`.
    static Step mean() {
        return (x, sequences, pass) -> pass.pool(TokenPooling.MEAN, x, sequences);
    }

    /// A dense layer.
    static Step dense(Linear linear) {
        return (x, sequences, pass) -> pass.linear(linear, x);
    }

    /// A dense layer and an activation.
    static Step dense(Linear linear, ActivationFunction function) {
        Activation activation = new Activation(linear.name() + ".activation", function);
        return (x, sequences, pass) -> pass.linear(linear, x, activation);
    }

    /// A normalisation.
    static Step norm(LayerNorm norm) {
        return (x, sequences, pass) -> pass.layerNorm(norm, x);
    }

    /// {@return the logits: `[T, H] → [B, out]` if a step picks a row for each sequence, else `[T, out]`} A head without such a
    /// step takes any rows, for instance only those of masked tokens.
    ///
    /// @param hidden    the encoder's output, `[T, H]`
    /// @param sequences where each sequence begins and ends
    /// @param pass      computes
    public Matrix forward(Matrix hidden, Sequences sequences, Pass pass) {
        Matrix x = hidden;
        for (Step step : steps) {
            x = step.apply(x, sequences, pass);                                                 // [T or B, *]
        }
        return x;
    }
}
