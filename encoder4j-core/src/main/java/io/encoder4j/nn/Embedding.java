// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Parameter;
import org.jspecify.annotations.Nullable;

/// A table of vectors, one for each id.
///
/// @param name   its name in the checkpoint, relative to the encoder
/// @param weight `[V, H]`
/// @param finite checks rows before they are used; null where values that are not finite may pass
public record Embedding(String name, Parameter weight, @Nullable LazyFiniteCheck finite) {

    /// A table whose values are not checked.
    public Embedding(String name, Parameter weight) {
        this(name, weight, null);
    }

    /// The same table under another name; a pass that traces does not record an empty name.
    public Embedding named(String other) {
        return new Embedding(other, weight, finite);
    }

    /// Number of ids.
    public int size() {
        return weight.size();
    }
}
