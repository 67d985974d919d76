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
    ///
    /// @param name   the module's name, as the checkpoint gives it
    /// @param weight `[V, H]`
    public Embedding(String name, Parameter weight) {
        this(name, weight, null);
    }

    /// {@return the same table under another name; a pass that traces does not record an empty name}
    ///
    /// @param other the new name
    public Embedding named(String other) {
        return new Embedding(other, weight, finite);
    }

    /// {@return number of ids}
    public int size() {
        return weight.size();
    }
}
