// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import io.encoder4j.error.CancelledException;
import io.encoder4j.error.ModelClosedException;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.nn.Pass;
import io.encoder4j.nn.ReusablePass;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Threads and passes of a model, and the rules of its use: calls in progress finish before it closes, later ones are refused;
/// an interrupted caller's work is dropped before it is computed; there are no more passes than the options say.
///
/// There are two ways to use the threads, never both at once: inside each operation, for one batch; or a batch for each
/// thread, when there are several, which needs no waiting for one another and keeps a batch in a processor's own cache.
public final class Engine implements AutoCloseable {

    private final String location;
    private final Workers workers;
    private final Passes passes;
    private final int tokensPerBatch;
    private final Runnable release;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /// @param location named in messages
    /// @param release  frees the weights, once
    public Engine(String location, Kernels kernels, Limits limits, Runnable release) {
        this.location = location;
        this.release = release;
        tokensPerBatch = limits.tokensPerBatch();
        workers = Workers.of(limits.threads());
        passes = new Passes(kernels, workers, limits);
    }

    public int threads() {
        return workers.threads();
    }

    public int tokensPerBatch() {
        return tokensPerBatch;
    }

    public Passes passes() {
        return passes;
    }

    /// Runs `work` with a pass that uses all threads inside its operations.
    ///
    /// @throws CancelledException if the caller's thread is interrupted before it begins; the methods below likewise
    public <T extends @Nullable Object> T run(Function<Pass, T> work) {
        Thread caller = Thread.currentThread();
        return whileOpen(() -> withPass(Passes.Kind.DIVIDED, caller, work));
    }

    /// Runs `work` for each of `0 … count - 1`: with all threads inside the operations if there is one only, else with one
    /// thread each.
    public void runEach(int count, ObjIntConsumer<Pass> work) {
        Thread caller = Thread.currentThread();
        Passes.Kind kind = count == 1 ? Passes.Kind.DIVIDED : Passes.Kind.ALONE;
        IntConsumer one = each(kind, caller, work);
        whileOpen(() -> {
            if (count == 1) {
                one.accept(0);
            } else {
                workers.forEach(count, one);
            }
            return null;
        });
    }

    /// Runs `work` for each of `0 … count - 1`, one after another on the caller's thread, with a pass that stays there.
    public void runEachAlone(int count, ObjIntConsumer<Pass> work) {
        IntConsumer one = each(Passes.Kind.ALONE, Thread.currentThread(), work);
        whileOpen(() -> {
            IntStream.range(0, count).forEach(one);
            return null;
        });
    }

    private IntConsumer each(Passes.Kind kind, Thread caller, ObjIntConsumer<Pass> work) {
        return i -> withPass(kind, caller, pass -> {
            work.accept(pass, i);
            return null;
        });
    }

    /// Runs `work` for each of `0 … count - 1` on the threads, without a pass.
    public void forEach(int count, IntConsumer work) {
        Thread caller = Thread.currentThread();
        whileOpen(() -> {
            workers.forEach(count, i -> {
                requireWanted(caller);
                work.accept(i);
            });
            return null;
        });
    }

    private <T extends @Nullable Object> T withPass(Passes.Kind kind, Thread caller, Function<Pass, T> work) {
        ReusablePass pass = take(kind, caller);
        T result;
        try {
            result = work.apply(pass);
        } catch (Throwable t) {
            passes.drop(pass);
            throw t;
        }
        passes.give(kind, pass);
        return result;
    }

    private ReusablePass take(Passes.Kind kind, Thread caller) {
        requireWanted(caller);
        ReusablePass pass;
        try {
            pass = passes.take(kind);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
        // It may have waited long, and on another thread than the caller's.
        if (caller.isInterrupted()) {
            passes.give(kind, pass);
            throw new CancelledException();
        }
        return pass;
    }

    private static void requireWanted(Thread caller) {
        if (caller.isInterrupted()) {
            throw new CancelledException();
        }
    }

    /// Runs `work`, which needs no pass, while the model stays open.
    ///
    /// @throws ModelClosedException  if it is closed
    /// @throws FilesChangedException if a mapped file was cut while it was read
    public <T extends @Nullable Object, E extends Exception> T whileOpen(MappedFiles.Reading<T, E> work) throws E {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new ModelClosedException(location);
            }
            return MappedFiles.guard(location, work);
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
                passes.close();
                release.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
