// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.error;

import java.util.concurrent.CancellationException;

/// A call that ended early because its thread was interrupted, for instance by `Future.cancel(true)`, or because its caller said
/// so. What was being computed is finished, at most one batch for each thread; the rest is not begun. The thread's interrupt
/// status stays set.
public final class CancelledException extends CancellationException {

    private static final long serialVersionUID = 1;

    /// Says that the call ended before all texts were computed.
    public CancelledException() {
        super("cancelled before all texts were computed");
    }
}
