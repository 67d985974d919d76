// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.error;

/// A call on a model that was closed, or on anything that was made from it.
public final class ModelClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /// Makes one for a model.
    ///
    /// @param location of the model, for the message
    public ModelClosedException(String location) {
        super("the model " + location + " is closed");
    }
}
