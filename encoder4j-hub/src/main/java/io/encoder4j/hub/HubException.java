// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.Printable;
import java.io.IOException;

/// A model that cannot be had from the cache or the hub. The message says which, why, and what to do.
public final class HubException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean notFound;

    /// An error with its words.
    ///
    /// @param message what is wrong, where, and what to do
    public HubException(String message) {
        super(Printable.line(message));
        notFound = false;
    }

    /// An error with its words.
    ///
    /// @param message what is wrong, where, and what to do
    /// @param cause   why
    public HubException(String message, Throwable cause) {
        super(Printable.line(message), cause);
        notFound = false;
    }

    private HubException(String message, boolean notFound) {
        super(Printable.line(message));
        this.notFound = notFound;
    }

    static HubException notFound(String message) {
        return new HubException(message, true);
    }

    /// {@return whether the hub was asked and has no such model or revision, or none that may be seen without another token}
    public boolean isNotFound() {
        return notFound;
    }
}
