// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;

/// A pass that hands every operation to another pass. Implementations override the operations they want to see.
public interface DelegatingPass extends Pass {

    /// {@return the pass that computes}
    Pass pass();

    @Override
    default Matrix embed(Embedding embedding, int[] ids) {
        return pass().embed(embedding, ids);
    }

    @Override
    default Matrix linear(Linear linear, Matrix x, Activation activation) {
        return pass().linear(linear, x, activation);
    }

    @Override
    default Matrix activation(Activation activation, Matrix x) {
        return pass().activation(activation, x);
    }

    @Override
    default Matrix add(Matrix a, Matrix b) {
        return pass().add(a, b);
    }

    @Override
    default Matrix multiply(Matrix a, Matrix b) {
        return pass().multiply(a, b);
    }

    @Override
    default Matrix scale(Parameter factors, Matrix x) {
        return pass().scale(factors, x);
    }

    @Override
    default Matrix shift(Parameter summands, Matrix x) {
        return pass().shift(summands, x);
    }

    @Override
    default AttentionBias distanceBias(Embedding table, int[] buckets) {
        return pass().distanceBias(table, buckets);
    }

    @Override
    default Matrix fetch(Matrix x) {
        return pass().fetch(x);
    }

    @Override
    default Matrix layerNorm(LayerNorm norm, Matrix x) {
        return pass().layerNorm(norm, x);
    }

    @Override
    default Matrix rmsNorm(RmsNorm norm, Matrix x) {
        return pass().rmsNorm(norm, x);
    }

    @Override
    default Matrix rotate(Rotation rotation, Matrix x, int heads) {
        return pass().rotate(rotation, x, heads);
    }

    @Override
    default Matrix attention(Attention attention, Matrix q, Matrix k, Matrix v, Sequences sequences,
            AttentionBias bias) {
        return pass().attention(attention, q, k, v, sequences, bias);
    }

    @Override
    default Matrix rows(Matrix x, int[] rows) {
        return pass().rows(x, rows);
    }

    @Override
    default Matrix pool(TokenPooling pooling, Matrix x, Sequences sequences) {
        return pass().pool(pooling, x, sequences);
    }

    @Override
    default Matrix normalize(String name, Matrix x) {
        return pass().normalize(name, x);
    }

    @Override
    default Matrix maximum(Matrix a, Matrix b) {
        return pass().maximum(a, b);
    }

    @Override
    default Matrix neighbours(Matrix x, Sequences sequences, int... offsets) {
        return pass().neighbours(x, sequences, offsets);
    }

    @Override
    default Matrix dropout(Matrix x, float p) {
        return pass().dropout(x, p);
    }

    @Override
    default Matrix module(String name, Matrix x) {
        return pass().module(name, x);
    }

    @Override
    default Matrix layer(String name, Matrix x) {
        return pass().layer(name, x);
    }
}
