// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/// A table of vectors, one for each id.
///
/// @param name   its name in the checkpoint, relative to the encoder
/// @param table  `[V, H]`; may be mapped from the file
/// @param finite checks rows before they are used; null where values that are not finite may pass
public record Embedding(String name, Matrix table, @Nullable FiniteRows finite) {

    /// A table whose values are not checked.
    public Embedding(String name, Matrix table) {
        this(name, table, null);
    }

    /// Number of ids.
    public int size() {
        return table.rows();
    }
}
