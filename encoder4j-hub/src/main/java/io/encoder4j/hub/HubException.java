// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;

/// A model that cannot be had from the cache or the hub. The message says which, why, and what to do.
public final class HubException extends IOException {

    private static final long serialVersionUID = 1L;

    public HubException(String message) {
        super(message);
    }

    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
