// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import java.util.ArrayList;
import java.util.List;

/// Runs several candidates in turn until each has had its time, so that all meet the same disturbances.
///
/// A turn begins with a pause and, if runs are short, with one that does not count: the threads of the candidate before spin for a
/// while when they have nothing to do, and would otherwise take a processor from this one. ONNX Runtime's look a million times
/// for work before they sleep, which takes them 15 to 40 milliseconds.
///
/// @param seconds for each candidate, warm-up not included
/// @param runs    of each candidate that count, at least
public record Stopwatch(double seconds, int runs) {

    private static final double TURN = 0.1;
    private static final long PAUSE_MILLIS = 60;
    private static final double SETTLED = 4;

    /// @throws IllegalArgumentException if a number is not positive
    public Stopwatch {
        if (!(seconds > 0) || runs < 1) {
            throw new IllegalArgumentException("expected time and runs above 0, got " + seconds + " s and " + runs);
        }
    }

    /// What each candidate took, in the order given.
    public List<Spread> time(List<? extends Runnable> candidates) {
        candidates.forEach(this::warmUp);
        List<List<Double>> samples = candidates.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
        boolean[] done = new boolean[candidates.size()];
        for (int left = done.length; left > 0;) {
            for (int i = 0; i < done.length; i++) {
                if (!done[i]) {
                    turn(candidates.get(i), samples.get(i));
                    done[i] = enough(samples.get(i));
                    left -= done[i] ? 1 : 0;
                }
            }
        }
        return samples.stream().map(Spread::of).toList();
    }

    /// What one candidate takes.
    public Spread time(Runnable candidate) {
        return time(List.of(candidate)).getFirst();
    }

    private boolean enough(List<Double> samples) {
        return samples.size() >= runs && samples.stream().mapToDouble(d -> d).sum() >= seconds;
    }

    /// Runs our own kernels for some seconds before the first measurement of them: they begin with plain loops and change to
    /// faster ones once the JIT has compiled those, in the background.
    public void settle(Runnable candidate) {
        double wanted = Math.min(SETTLED, 8 * seconds);
        for (double spent = 0; spent < wanted;) {
            spent += run(candidate);
        }
    }

    /// Half of the measuring time, but a second at least where a run is short: the JIT compiles meanwhile.
    private void warmUp(Runnable candidate) {
        double wanted = Math.max(Math.min(1, 2 * seconds), seconds / 2);
        for (double spent = 0; spent < wanted;) {
            spent += run(candidate);
        }
    }

    private static void turn(Runnable candidate, List<Double> samples) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
        if (!samples.isEmpty() && samples.getLast() < TURN) {
            run(candidate);
        }
        for (double spent = 0; spent < TURN;) {
            samples.add(run(candidate));
            spent += samples.getLast();
        }
    }

    private static double run(Runnable candidate) {
        long start = System.nanoTime();
        candidate.run();
        return Math.max(1, System.nanoTime() - start) / 1e9;
    }
}
