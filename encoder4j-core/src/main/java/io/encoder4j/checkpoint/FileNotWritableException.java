// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/// A model's file or folder that cannot be written: no space, no permission. The cause is what the system said.
public final class FileNotWritableException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final IOException reason;

    /// A file that cannot be written.
    ///
    /// @param file   the file
    /// @param reason what the system said
    public FileNotWritableException(Path file, IOException reason) {
        super(in(file, "cannot be written: " + reason.getMessage()).getMessage(), reason);
        this.file = file;
        this.reason = reason;
    }

    /// {@return the file or folder that was to be written}
    public Path file() {
        return file;
    }

    /// {@return what the system said}
    public IOException reason() {
        return reason;
    }
}
