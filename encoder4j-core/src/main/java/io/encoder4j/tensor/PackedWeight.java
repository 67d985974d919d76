// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// A weight matrix in the layout of the kernel that packed it. Only that kernel can read it: precision and blocking are its
/// business and never a model's.
public interface PackedWeight {

    /// Output features: rows of the checkpoint's `[out, in]` weight.
    int out();

    /// Input features: columns of the checkpoint's `[out, in]` weight.
    int in();
}
