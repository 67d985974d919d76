// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which sequences are computed together.
public final class BatchPlan {

    /// Tokens below which a batch is not made smaller to give every thread one.
    private static final int LEAST = 128;

    private BatchPlan() { }

    /// Indices of the sequences of each batch: longest first, so that the last batches are small and threads end together, and
    /// as many as the token budget allows. Smaller than the budget when that gives every thread a share.
    public static List<int[]> of(int[] lengths, int tokensPerBatch, int threads) {
        int[] order = IntStream.range(0, lengths.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> lengths[i]).reversed()).mapToInt(i -> i).toArray();
        long total = Arrays.stream(lengths).asLongStream().sum();
        long budget = Math.min(tokensPerBatch, Math.max(LEAST, total / threads));
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        long tokens = 0;
        for (int i = 0; i < order.length; i++) {
            int length = lengths[order[i]];
            if (i > from && tokens + length > budget) {
                batches.add(Arrays.copyOfRange(order, from, i));
                from = i;
                tokens = 0;
            }
            tokens += length;
        }
        if (from < order.length) {
            batches.add(Arrays.copyOfRange(order, from, order.length));
        }
        return batches;
    }
}
