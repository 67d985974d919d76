// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.model.Encoder;
import io.encoder4j.model.Heads;
import io.encoder4j.nn.Batch;
import io.encoder4j.nn.Pass;
import io.encoder4j.sentence.TextPooler;
import io.encoder4j.sentence.WeightedLayers;
import io.encoder4j.tensor.Matrix;

/// An encoder whose answer is a weighted mean of its layers. It has no pooler: that is trained on the last layer.
record LayerMeanEncoder(Encoder encoder, WeightedLayers layers) implements Encoder {

    /// The encoder whose answer is pooled: itself, unless the folder takes a mean of its layers.
    static Encoder of(Encoder encoder, TextPooler pooler) {
        return pooler.layers().<Encoder>map(layers -> new LayerMeanEncoder(encoder, layers)).orElse(encoder);
    }

    @Override
    public Sizes sizes() {
        return encoder.sizes();
    }

    @Override
    public Matrix forward(Batch batch, Pass pass) {
        return layers.of(pass, counting -> encoder.forward(batch, counting));                   // [T, H]
    }

    @Override
    public Heads heads() {
        return encoder.heads();
    }
}
