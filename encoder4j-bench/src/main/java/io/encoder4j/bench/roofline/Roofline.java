// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.roofline;

import io.encoder4j.bench.measure.Precisions;
import io.encoder4j.bench.measure.Spread;
import io.encoder4j.bench.measure.Stopwatch;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// Times the kernels that models use, at the sizes of all-MiniLM-L6-v2, and compares each with its peak.
///
/// @param stopwatch how long and how often each runs
public record Roofline(Stopwatch stopwatch) {

    /// The products that the bars judge: tokens, in, out.
    public static final List<int[]> BARS = List.of(new int[] {4096, 384, 1536}, new int[] {4096, 1536, 384});

    private static final List<int[]> PRODUCTS =
            List.of(BARS.getFirst(), BARS.getLast(), new int[] {16, 384, 1536});
    private static final List<int[]> ATTENTIONS = List.of(new int[] {32, 128}, new int[] {8, 512});

    /// The bars' products only.
    public List<Line> bars(int threads, String precision) {
        return run(threads, precision, BARS, false);
    }

    /// Every kernel. Kernels that use one thread only are timed when `threads` is 1.
    public List<Line> all(int threads, String precision) {
        return run(threads, precision, PRODUCTS, true);
    }

    private List<Line> run(int threads, String precision, List<int[]> products, boolean others) {
        Kernels kernels = Precisions.kernels(precision);
        Peaks before = Peaks.measure(threads, KernelCase.ELEMENTWISE_BYTES);
        List<Timed> timed = new ArrayList<>();
        try (Arena arena = Arena.ofShared(); Workers workers = Workers.of(threads)) {
            for (int[] p : products) {
                KernelCase product = KernelCase.product(kernels, precision, arena, workers, p[0], p[1], p[2]);
                if (timed.isEmpty()) {
                    stopwatch.settle(product.run());
                }
                timed.add(time(product));
            }
            if (others) {
                for (int[] a : ATTENTIONS) {
                    timed.add(time(KernelCase.attention(kernels, arena, workers, a[0], a[1])));
                }
                if (threads == 1) {
                    KernelCase.alone(kernels, arena, workers).forEach(each -> timed.add(time(each)));
                }
            }
        }
        Peaks peaks = before.or(Peaks.measure(threads, KernelCase.ELEMENTWISE_BYTES));
        return timed.stream().map(t -> t.line(threads, precision, peaks)).toList();
    }

    private Timed time(KernelCase kernel) {
        return new Timed(kernel, stopwatch.time(kernel.run()));
    }

    private record Timed(KernelCase kernel, Spread seconds) {

        Line line(int threads, String precision, Peaks peaks) {
            return new Line(kernel.name(), precision, threads, seconds, seconds.perSecond(kernel.work()) / 1e9,
                    kernel.unit().text, kernel.unit().peak(peaks, kernel.isProduct() ? precision : "float32"));
        }
    }
}
