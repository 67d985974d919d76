// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

/// A weight matrix in the layout of the kernels that packed it. Only these kernels can read it. Models know neither its
/// precision nor its blocking.
public interface PackedWeight {

    /// {@return output features: rows of the checkpoint's `[out, in]` weight}
    int out();

    /// {@return input features: columns of the checkpoint's `[out, in]` weight}
    int in();
}
