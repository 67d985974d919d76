// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

/// A weight is infinite or not a number. It was found when a text needed it.
public final class NonFiniteWeightException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final int token;

    NonFiniteWeightException(String message, int token) {
        super(message);
        this.token = token;
    }

    /// {@return the token of the batch that needed it, from 0}
    public int token() {
        return token;
    }
}
