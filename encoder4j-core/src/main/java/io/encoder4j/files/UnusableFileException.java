// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.files;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// A file that is there and is not read: it is no regular file, it is too large, or it is a link out of its folder. Readers of
/// model files rethrow it as their own exception.
public final class UnusableFileException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    UnusableFileException(Path file, String reason) {
        super(Printable.path(file), null, reason);
    }

    /// What is wrong, without the file's name.
    @Override
    public String getReason() {
        return String.valueOf(super.getReason());
    }
}
