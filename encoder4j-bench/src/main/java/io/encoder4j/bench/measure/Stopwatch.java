// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.measure;

import java.util.ArrayList;
import java.util.List;

/// Runs several candidates in turns until each has had its time. So all meet the same disturbances.
///
/// A turn begins with a pause. If runs are short, a run that does not count follows. The reason: threads of the candidate before
/// may still spin, and would take a processor from this one. ONNX Runtime's threads look a million times for work before they
/// sleep, which takes 15 to 40 milliseconds.
///
/// @param seconds the time for each candidate, without warm-up
/// @param runs    the least number of measured runs of each candidate
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

    /// The times of the candidates, in the order given.
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

    /// The times of one candidate.
    public Spread time(Runnable candidate) {
        return time(List.of(candidate)).getFirst();
    }

    private boolean enough(List<Double> samples) {
        return samples.size() >= runs && samples.stream().mapToDouble(d -> d).sum() >= seconds;
    }

    /// Runs our kernels for some seconds before they are measured. They begin with plain loops and change to faster code when the
    /// JIT has compiled it in the background.
    public void settle(Runnable candidate) {
        double wanted = Math.min(SETTLED, 8 * seconds);
        for (double spent = 0; spent < wanted;) {
            spent += run(candidate);
        }
    }

    /// Half of the measuring time, but at least a second if runs are short. The JIT compiles meanwhile.
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
