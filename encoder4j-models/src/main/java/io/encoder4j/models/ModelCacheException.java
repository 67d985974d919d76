// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.models;

import io.encoder4j.files.Printable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// The cache of converted models cannot be written.
public final class ModelCacheException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Path cache;

    ModelCacheException(Path cache, IOException cause) {
        super(Printable.line("the cache " + cache + " cannot be written: " + reason(cause)
                + "; set ENCODER4J_CACHE to a folder with room"), cause);
        this.cache = cache;
    }

    /// {@return the folder of the cache}
    public Path cache() {
        return cache;
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException there -> there.getFile() + ": is there already, and is not a folder";
            case FileSystemException file when file.getReason() == null -> file.getFile() + ": " + file.getClass().getSimpleName();
            default -> String.valueOf(e.getMessage());
        };
    }
}
