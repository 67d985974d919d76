// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.bench;

import java.util.Arrays;

/// One workload, run several times.
///
/// @param name   what was run
/// @param texts  texts in one run
/// @param tokens tokens in one run, special ones included
/// @param nanos  duration of each run, sorted
public record Timing(String name, int texts, long tokens, long[] nanos) {

    /// Time given to warming up, at least: compilers finish within it.
    private static final long WARM_UP = 2_000_000_000L;
    private static final int WARM_UP_RUNS = 3;

    /// Runs the work until it is warm, then `runs` times with the clock.
    ///
    /// @throws IllegalArgumentException if `runs` is below 1
    public static Timing of(String name, int texts, long tokens, int runs, Runnable work) {
        if (runs < 1) {
            throw new IllegalArgumentException("runs must be at least 1, got " + runs);
        }
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UP_RUNS || System.nanoTime() - start < WARM_UP; i++) {
            work.run();
        }
        long[] nanos = new long[runs];
        for (int i = 0; i < runs; i++) {
            long before = System.nanoTime();
            work.run();
            nanos[i] = System.nanoTime() - before;
        }
        Arrays.sort(nanos);
        return new Timing(name, texts, tokens, nanos);
    }

    /// Milliseconds of the run in the middle; of the mean of two where their number is even.
    public double medianMillis() {
        int n = nanos.length;
        return (nanos[(n - 1) / 2] + nanos[n / 2]) / 2e6;
    }

    /// Milliseconds of the fastest run.
    public double minMillis() {
        return nanos[0] / 1e6;
    }

    /// Milliseconds of the slowest run.
    public double maxMillis() {
        return nanos[nanos.length - 1] / 1e6;
    }

    /// Tokens per second in the median run.
    public double tokensPerSecond() {
        return tokens * 1000.0 / medianMillis();
    }

    /// Texts per second in the median run.
    public double textsPerSecond() {
        return texts * 1000.0 / medianMillis();
    }
}
