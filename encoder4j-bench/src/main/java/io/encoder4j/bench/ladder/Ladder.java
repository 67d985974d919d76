// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import io.encoder4j.bench.measure.Spread;
import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.kernel.Workers;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Times the nine versions of a product, the rungs of the ladder.
///
/// @param stopwatch how long and how often each runs
public record Ladder(Stopwatch stopwatch) {

    /// The rungs in order.
    ///
    /// @param workers the threads of the two rungs that use several
    public static List<Rung> rungs(Workers workers) {
        return List.of(new TripleLoop(), new LoopOrder(), new CacheBlocks(), new PackedPanels(), new VectorLanes(),
                new RegisterRow(), new RegisterTile(), new ThreadedTiles(workers), new OwnKernel(workers));
    }

    /// How fast one rung is.
    ///
    /// @param rung    its name
    /// @param threads how many threads it used
    /// @param gflops  its rate
    /// @param times   its rate divided by that of the rung before; 1 for the first
    /// @param share   its rate divided by the peak of as many threads
    public record Step(String rung, int threads, double gflops, double times, OptionalDouble share) {

        /// The table's header.
        public static String header() {
            return "%-28s %7s %9s %9s %7s".formatted("rung", "threads", "GFLOP/s", "× before", "share");
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-28s %7d %9.1f %9.2f %7s", rung, threads, gflops, times,
                    share.isPresent() ? String.format(Locale.ROOT, "%.0f %%", 100 * share.getAsDouble()) : "-");
        }
    }

    /// Checks a rung's result and times it.
    ///
    /// @param before the rate of the rung before, or 0
    /// @param peak   the peak of one thread
    /// @throws IllegalStateException if the result is wrong
    public Step climb(Rung rung, Operands operands, int threads, double before, OptionalDouble peak) {
        Runnable product = rung.prepare(operands);
        product.run();
        rung.collect(operands);
        check(rung, operands);
        if (rung instanceof OwnKernel) {
            stopwatch.settle(product);
        }
        Spread seconds = stopwatch.time(product);
        double gflops = seconds.perSecond(operands.operations()) / 1e9;
        return new Step(rung.name(), threads, gflops, before == 0 ? 1 : gflops / before,
                peak.isPresent() ? OptionalDouble.of(gflops / (threads * peak.getAsDouble())) : OptionalDouble.empty());
    }

    /// Compares some elements of every row with the definition. To compare all would take longer than the ladder itself.
    static void check(Rung rung, Operands o) {
        for (int row = 0; row < o.rows(); row++) {
            for (int col = row % 7; col < o.cols(); col += 1 + o.cols() / 8) {
                double expected = o.expected(row, col);
                float actual = o.c()[row * o.cols() + col];
                if (!(Math.abs(actual - expected) <= 1e-5 * Math.sqrt(o.inner()))) {
                    throw new IllegalStateException(rung.name() + ": C[" + row + ", " + col + "] is " + actual + ", expected "
                            + expected);
                }
            }
        }
    }
}
