// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.error;

/// A model's file became shorter, or unreadable, while the model was opened or used. Its weights are mapped, not copied, so the model must
/// be closed and opened again. To replace the files of an open model, rename new ones over them.
public final class FilesChangedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /// Makes one for a model.
    ///
    /// @param location of the model, for messages
    /// @param cause    what the JVM throws when a mapped page is gone
    public FilesChangedException(String location, InternalError cause) {
        super("the files of " + location + " changed while they were in use; open the model again", cause);
    }
}
