// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

/// A model file that is malformed, incomplete or not supported. The message says which file and where in it, what was
/// expected, what was found, and what to do.
public final class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
