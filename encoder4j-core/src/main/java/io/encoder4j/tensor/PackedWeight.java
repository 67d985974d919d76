// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// A weight matrix in the layout of the kernels that packed it. Only these kernels can read it. Models know neither its
/// precision nor its blocking.
public interface PackedWeight {

    /// Output features: rows of the checkpoint's `[out, in]` weight.
    int out();

    /// Input features: columns of the checkpoint's `[out, in]` weight.
    int in();
}
