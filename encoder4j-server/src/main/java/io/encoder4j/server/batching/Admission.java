// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.batching;

import io.encoder4j.server.failure.FailureKind;
import io.encoder4j.server.failure.RequestFailure;
import java.util.concurrent.atomic.AtomicInteger;

/// How many inputs the server has taken on, over all models. A request gets room for all of its inputs or for none.
public final class Admission {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    /// @param most inputs at once
    public Admission(int most) {
        this.most = most;
    }

    /// Takes room, to be given back by [#give].
    ///
    /// @throws RequestFailure 429 if there is not enough now; 422 if there never will be
    public void take(int inputs) {
        if (inputs > most) {
            throw RequestFailure.of(FailureKind.INVALID, inputs + " inputs are more than the server takes at once (" + most
                    + "); send fewer in a request");
        }
        int before = taken.getAndAccumulate(inputs, (now, more) -> now + more > most ? now : now + more);
        if (before + inputs > most) {
            throw overloaded(1);
        }
    }

    /// Gives room back.
    public void give(int inputs) {
        taken.addAndGet(-inputs);
    }

    /// Whether there is room for nothing, so that a request need not even be read.
    public boolean isFull() {
        return taken.get() >= most;
    }

    /// Inputs that are there now.
    public int taken() {
        return taken.get();
    }

    static RequestFailure overloaded(long seconds) {
        return RequestFailure.overloaded("Model is overloaded", seconds);
    }
}
