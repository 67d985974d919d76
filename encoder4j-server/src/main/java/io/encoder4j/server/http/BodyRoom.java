// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that the bodies of all requests may have at once. Thousands of connections with a large body each would take all memory.
final class BodyRoom {

    /// A body may need ten times its bytes once it is read as JSON: a list of short lists, say.
    private static final int SHARE = 16;
    private static final int BODIES = 4;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /// @param most bytes
    BodyRoom(long most) {
        this.most = most;
    }

    /// A sixteenth of the heap; as much as a few of the largest bodies in any case.
    static BodyRoom of(int payloadBytes) {
        return new BodyRoom(Math.max(Runtime.getRuntime().maxMemory() / SHARE, (long) BODIES * payloadBytes));
    }

    /// Takes room, to be given back by [#give]; false if there is not enough.
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /// Bytes that are taken now.
    long taken() {
        return taken.get();
    }

    long most() {
        return most;
    }
}
