// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Matrix;

/// A table of vectors, one for each id: torch's `nn.Embedding`.
///
/// @param name  its name in the checkpoint, relative to the encoder
/// @param table `[V, H]`; may be mapped from the file
public record Embedding(String name, Matrix table) {

    /// Number of ids.
    public int size() {
        return table.rows();
    }
}
