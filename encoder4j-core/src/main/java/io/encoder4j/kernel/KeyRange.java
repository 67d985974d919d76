// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;

/// The keys that a block of neighbouring queries may see: all, but where a window limits them. What is outside has the
/// probability nought and is not computed, so that local attention costs no more than its windows.
///
/// The range begins and ends at whole vectors, counted from the sequence's first key, so that a key falls into the same lane
/// as it would without a range, and adding up goes by the same order: noughts were left out, nothing else. Every fast kernel
/// takes blocks of [#QUERIES] queries, so all have the same ranges and the same bits.
///
/// @param from first key
/// @param to   after the last key
public record KeyRange(int from, int to) {

    /// Queries of a block, counted from the sequence's first.
    public static final int QUERIES = 24;

    /// The keys for the queries `query` to `query + count - 1` of a sequence of `length` tokens.
    ///
    /// @param lanes floats in a vector
    public static KeyRange of(AttentionBias bias, int query, int count, int length, int lanes) {
        int reach = reach(bias);
        int from = Math.max(0, query - reach) / lanes * lanes;
        long to = ((long) query + count + reach + lanes - 1) / lanes * lanes;
        return new KeyRange(from, (int) Math.min(length, to));
    }

    private static int reach(AttentionBias bias) {
        return switch (bias) {
            case AttentionBias.Window window -> window.reach();
            case AttentionBias.Sum sum -> Math.min(reach(sum.first()), reach(sum.second()));
            case AttentionBias.None _, AttentionBias.Dense _, AttentionBias.ByDistance _,
                    AttentionBias.Disentangled _ -> Integer.MAX_VALUE;
        };
    }

    /// Number of keys.
    public int length() {
        return to - from;
    }
}
