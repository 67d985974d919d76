// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.nn.InferencePass;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.List;

/// One call of an encoder with a tensor: its checked arguments, and the way from the tensor to rows and back.
record TensorCall(Tensor src, Layout layout, AttentionBias bias) {

    /// The result, and each layer's attention weights as torch shapes them.
    record Weighted(Tensor output, List<Tensor> weights) { }

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

    /// Runs the forward pass.
    Tensor run(Rows rows, Compute compute) {
        try (InferencePass pass = compute.pass()) {
            return run(rows, pass);
        }
    }

    /// Runs the forward pass and keeps the attention weights.
    ///
    /// @param average the mean over the heads rather than each head's
    Weighted runWithWeights(Rows rows, Compute compute, boolean average) {
        try (InferencePass inference = compute.pass()) {
            WeightsPass pass = new WeightsPass(inference);
            Tensor output = run(rows, pass);
            return new Weighted(output, pass.weights().stream()
                    .map(weights -> WeightsPass.shaped(weights, layout.batched(), average)).toList());
        }
    }

    private Tensor run(Rows rows, Pass pass) {
        return layout.toTensor(rows.forward(layout.toRows(src), layout.sequences(), bias, pass));
    }
}
