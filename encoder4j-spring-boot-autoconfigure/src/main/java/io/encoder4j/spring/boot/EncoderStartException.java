// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import org.jspecify.annotations.Nullable;

/// A model that the properties name cannot be had. The message is one line: the property, what is wrong, what to do.
public final class EncoderStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EncoderStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
