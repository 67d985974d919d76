// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;

/// The arguments of an encoder's `forward`, checked: the way from a tensor to rows and back.
record TensorCall(Tensor src, Layout layout, AttentionBias bias) {

    /// A forward pass on rows.
    @FunctionalInterface
    interface Rows {
        Matrix forward(Matrix x, Sequences sequences, AttentionBias bias, Pass pass);
    }

    static TensorCall of(TransformerEncoderLayerOptions options, Tensor src, Masks masks) {
        Layout layout = Layout.of("src", src, options.batchFirst(), options.dModel());
        MergedMask mask = MergedMask.of(masks, new MergedMask.Sizes(layout.count(), options.nhead(), layout.length(),
                layout.length(), layout.batched()));
        return new TensorCall(src, layout, mask.bias());
    }

    Tensor run(Rows rows, Pass pass) {
        return layout.toTensor(rows.forward(layout.toRows(src), layout.sequences(), bias, pass));
    }
}
