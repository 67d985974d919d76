// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import io.encoder4j.error.FilesChangedException;
import org.jspecify.annotations.Nullable;

/// The one place where reading mapped files may find that they were cut.
public final class MappedFiles {

    private MappedFiles() { }

    /// What may read mapped files.
    @FunctionalInterface
    public interface Reading<T extends @Nullable Object, E extends Exception> {
        T run() throws E;
    }

    /// Runs what may read mapped files.
    ///
    /// @param location of the model, for messages
    /// @throws FilesChangedException if one of them was cut
    public static <T extends @Nullable Object, E extends Exception> T guard(String location, Reading<T, E> reading) throws E {
        try {
            return reading.run();
        } catch (InternalError e) {
            // What the JVM throws when a mapped file was cut while it is read.
            throw new FilesChangedException(location, e);
        }
    }
}
