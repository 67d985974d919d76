// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.error;

import io.encoder4j.checkpoint.CheckpointException;

/// A name that leads to no model. The message says where it was looked for and what to do.
public final class ModelNotFoundException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final String name;

    /// Makes one without a cause.
    ///
    /// @param name    the name as it was given
    /// @param message the whole message, the name included
    public ModelNotFoundException(String name, String message) {
        super(message);
        this.name = name;
    }

    /// Makes one with its cause.
    ///
    /// @param name    the name as it was given
    /// @param message the whole message, the name included
    /// @param cause   what was thrown where the name was looked for
    public ModelNotFoundException(String name, String message, Throwable cause) {
        super(message, cause);
        this.name = name;
    }

    /// {@return the name as it was given}
    public String name() {
        return name;
    }
}
