// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.InferencePass;
import io.encoder4j.nn.Pass;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Threads and passes of a model, and the rule of its end: calls in progress finish, later ones are refused.
///
/// There are two ways to use the threads, never both at once: inside each operation, for one batch; or a batch for each
/// thread, when there are several, which needs no waiting for one another and keeps a batch in a processor's own cache.
final class Engine implements AutoCloseable {

    private final String location;
    private final Kernels kernels;
    private final Workers workers;
    private final Workers alone = Workers.single();
    private final int tokensPerBatch;
    private final Runnable release;
    private final ConcurrentLinkedQueue<InferencePass> shared = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<InferencePass> single = new ConcurrentLinkedQueue<>();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /// @param location named in messages
    /// @param release  frees the weights, once
    Engine(String location, Kernels kernels, ModelOptions options, Runnable release) {
        this.location = location;
        this.kernels = kernels;
        this.release = release;
        tokensPerBatch = options.tokensPerBatch();
        workers = Workers.of(options.threads());
    }

    int threads() {
        return workers.threads();
    }

    int tokensPerBatch() {
        return tokensPerBatch;
    }

    /// Runs `work` with a pass that uses all threads inside its operations.
    <T extends @Nullable Object> T run(Function<Pass, T> work) {
        return whileOpen(() -> withPass(shared, workers, work));
    }

    /// Runs `work` for each of `0 … count - 1`: with all threads inside the operations if there is one only, else with one
    /// thread each.
    void runEach(int count, ObjIntConsumer<Pass> work) {
        if (count == 1) {
            run(pass -> {
                work.accept(pass, 0);
                return null;
            });
            return;
        }
        whileOpen(() -> {
            workers.forEach(count, i -> withPass(single, alone, pass -> {
                work.accept(pass, i);
                return null;
            }));
            return null;
        });
    }

    /// Runs `work` for each of `0 … count - 1` on the threads, without a pass.
    void forEach(int count, IntConsumer work) {
        whileOpen(() -> {
            workers.forEach(count, work);
            return null;
        });
    }

    private <T extends @Nullable Object> T withPass(ConcurrentLinkedQueue<InferencePass> pool, Workers threads, Function<Pass, T> work) {
        InferencePass pooled = pool.poll();
        InferencePass pass = pooled == null ? new InferencePass(kernels, threads) : pooled;
        try {
            T result = work.apply(pass);
            pool.add(pass);
            return result;
        } catch (Throwable t) {
            // Its scratch may have grown for whatever failed, running out of memory included.
            pass.close();
            throw t;
        }
    }

    /// Runs `work`, which needs no pass, while the model stays open.
    <T extends @Nullable Object> T whileOpen(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model " + location + " is closed");
            }
            return work.get();
        } catch (InternalError e) {
            // What the JVM throws when a mapped file was cut under it.
            throw new IllegalStateException("the files of " + location + " changed while they were in use; open the"
                    + " model again", e);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                workers.close();
                shared.forEach(InferencePass::close);
                single.forEach(InferencePass::close);
                release.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
