// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import io.encoder4j.error.CancelledException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Takes inputs from where they come from, in a thread of its own, while those before them are computed. Each list has what is there
/// at the time, at least one input and at most [#MOST]: a slow input is answered at once, and a fast one in full batches. Never are
/// more than twice that many inputs held.
///
/// @param <I> an input
public final class ReadAhead<I> implements Iterator<List<I>>, AutoCloseable {

    /// Inputs taken ahead, and given together.
    private static final int MOST = 1024;

    /// What the thread brings: an input, or at last why there are no more.
    private sealed interface Taken<I> { }

    private record Input<I>(I value) implements Taken<I> { }

    private record End<I>(@Nullable Throwable failure) implements Taken<I> { }

    private final BlockingQueue<Taken<I>> taken = new ArrayBlockingQueue<>(MOST);
    private final Thread taker;
    private List<I> ready = List.of();
    private @Nullable End<I> end;

    /// Begins to take inputs when the first is asked for.
    public ReadAhead(Stream<? extends I> inputs) {
        taker = Thread.ofVirtual().name("encoder4j-inputs").unstarted(() -> take(inputs));
    }

    private void take(Stream<? extends I> inputs) {
        Throwable failure = null;
        try {
            Iterator<? extends I> all = inputs.iterator();
            while (all.hasNext()) {
                taken.put(new Input<>(all.next()));
            }
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException | Error e) {
            // Thrown where inputs are asked for, after those before it.
            failure = e;
        }
        try {
            taken.put(new End<>(failure));
        } catch (InterruptedException e) {
            // Closed: nobody asks any more.
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for an input, if none is there.
    ///
    /// @throws CancelledException if the thread is interrupted
    @Override
    public boolean hasNext() {
        if (ready.isEmpty() && end == null) {
            ready = next(new ArrayList<>());
        }
        if (ready.isEmpty() && end != null) {
            switch (end.failure()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> { }
            }
        }
        return !ready.isEmpty();
    }

    @Override
    public List<I> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<I> inputs = ready;
        ready = List.of();
        return inputs;
    }

    private List<I> next(List<I> inputs) {
        if (taker.getState() == Thread.State.NEW) {
            taker.start();
        }
        List<Taken<I>> all = new ArrayList<>();
        try {
            all.add(taken.take());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
        taken.drainTo(all, MOST - 1);
        for (Taken<I> one : all) {
            switch (one) {
                case Input<I>(I value) -> inputs.add(value);
                case End<I> last -> end = last;
            }
        }
        return inputs;
    }

    /// Takes no more.
    @Override
    public void close() {
        taker.interrupt();
    }
}
