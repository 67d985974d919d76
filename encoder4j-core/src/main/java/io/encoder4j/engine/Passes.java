// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.ReusablePass;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The passes of a model. There are never more than its options say; who finds none free waits, first come, first served.
public final class Passes implements AutoCloseable {

    /// Who may use the threads while a pass computes.
    public enum Kind {
        /// The pass's own operations: each is divided among all threads.
        DIVIDED,
        /// Other passes: this one stays on the thread that called it.
        ALONE
    }

    private final Kernels kernels;
    private final Map<Kind, Workers> workers;
    private final int most;
    private final long scratch;
    private final Semaphore line;
    private final Map<Kind, Deque<ReusablePass>> idle = new EnumMap<>(Map.of(Kind.DIVIDED, new ArrayDeque<>(),
            Kind.ALONE, new ArrayDeque<>()));
    private int made;

    /// @param all the threads of passes that are divided; not closed here
    public Passes(Kernels kernels, Workers all, Limits limits) {
        this.kernels = kernels;
        workers = Map.of(Kind.DIVIDED, all, Kind.ALONE, Workers.single());
        most = limits.passes() == 0 ? limits.threads() : limits.passes();
        scratch = limits.scratchBytes();
        line = new Semaphore(most, true);
    }

    /// A pass, for one thread at a time, which must [#give] it back or [#drop] it.
    ///
    /// @throws InterruptedException if the thread is interrupted, also while it waits
    public ReusablePass take(Kind kind) throws InterruptedException {
        line.acquire();
        try {
            return idleOrNew(kind);
        } catch (Throwable t) {
            line.release();
            throw t;
        }
    }

    private synchronized ReusablePass idleOrNew(Kind kind) {
        @Nullable ReusablePass pass = idle.get(kind).poll();
        if (pass != null) {
            return pass;
        }
        if (made == most) {
            // All idle ones are of the other kind; one makes room.
            idle.values().stream().filter(other -> !other.isEmpty()).findFirst().orElseThrow().remove().close();
            made--;
        }
        ReusablePass fresh = ReusablePass.of(kernels, workers.get(kind), scratch);
        made++;
        return fresh;
    }

    /// Gives back a pass that can be used again. Of one that has grown beyond its share the memory is freed.
    public void give(Kind kind, ReusablePass pass) {
        if (pass.scratchBytes() > scratch / most) {
            drop(pass);
            return;
        }
        synchronized (this) {
            idle.get(kind).push(pass);
        }
        line.release();
    }

    /// Frees a pass that failed: its scratch may have grown for whatever failed, running out of memory included.
    public void drop(ReusablePass pass) {
        pass.close();
        synchronized (this) {
            made--;
        }
        line.release();
    }

    /// Passes that exist, in use or idle.
    public synchronized int count() {
        return made;
    }

    /// Bytes of scratch memory that idle passes hold.
    public synchronized long idleBytes() {
        return idle.values().stream().flatMap(Deque::stream).mapToLong(ReusablePass::scratchBytes).sum();
    }

    /// Frees all passes; none may be in use.
    @Override
    public synchronized void close() {
        idle.values().forEach(kind -> {
            kind.forEach(ReusablePass::close);
            kind.clear();
        });
        made = 0;
    }
}
