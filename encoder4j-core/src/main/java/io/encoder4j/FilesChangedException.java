// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import org.jspecify.annotations.Nullable;

/// A model's file became shorter, or unreadable, while the model was opened or used. Its weights are mapped, not copied, so the model must
/// be closed and opened again. To replace the files of an open model, rename new ones over them.
public final class FilesChangedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /// What may read mapped files.
    interface Reading<T extends @Nullable Object, E extends Exception> {
        T run() throws E;
    }

    /// Runs what may read mapped files.
    ///
    /// @param location of the model, for messages
    /// @throws FilesChangedException if one of them was cut
    static <T extends @Nullable Object, E extends Exception> T guard(String location, Reading<T, E> reading) throws E {
        try {
            return reading.run();
        } catch (InternalError e) {
            // What the JVM throws when a mapped file was cut while it is read.
            throw new FilesChangedException(location, e);
        }
    }

    /// @param cause what the JVM throws when a mapped page is gone
    private FilesChangedException(String location, InternalError cause) {
        super("the files of " + location + " changed while they were in use; open the model again", cause);
    }
}
