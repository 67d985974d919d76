// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.AttentionBias;

/// The keys that any query of a block of neighbouring queries can see. A window, or a count of visible keys, limits them.
/// Keys outside the range have probability zero and are skipped, so that local attention takes time in proportion to its
/// windows.
///
/// The range begins at a whole vector, counted from the sequence's first key, and ends at one or at the last key. So a key is
/// in the same lane as without a range, and sums are added up in the same order: only zeros are skipped. Every fast kernel
/// takes blocks of [#QUERIES] queries, so all have the same ranges and the same bits. There is always at least one key, which
/// the bias may forbid.
///
/// @param from first key
/// @param to   after the last key
public record KeyRange(int from, int to) {

    /// Queries of a block, counted from the sequence's first.
    public static final int QUERIES = 24;

    /// {@return the keys for the queries `query` to `query + count - 1` of a sequence of `length` tokens, at least one}
    ///
    /// @param bias     may limit what is seen
    /// @param sequence index of the sequence
    /// @param query    the first query of the block
    /// @param count    queries in the block
    /// @param length   tokens of a sequence
    /// @param lanes    floats in a vector
    public static KeyRange of(AttentionBias bias, int sequence, int query, int count, int length, int lanes) {
        int reach = reach(bias);
        long after = Math.clamp((long) query + count + reach, 1, Math.max(1, visible(bias, sequence)));
        int to = (int) Math.min(length, (after + lanes - 1) / lanes * lanes);
        // A window may begin after the last visible key.
        int from = Math.min(Math.max(0, query - reach), to - 1) / lanes * lanes;
        return new KeyRange(from, to);
    }

    /// Keys farther from a query than this are forbidden.
    private static int reach(AttentionBias bias) {
        return switch (bias) {
            case AttentionBias.Window window -> window.reach();
            case AttentionBias.Sum sum -> Math.min(reach(sum.first()), reach(sum.second()));
            case AttentionBias.None _, AttentionBias.Dense _, AttentionBias.ByDistance _, AttentionBias.VisibleKeys _,
                    AttentionBias.Disentangled _ -> Integer.MAX_VALUE;
        };
    }

    /// Keys from this one on are forbidden.
    private static int visible(AttentionBias bias, int sequence) {
        return switch (bias) {
            case AttentionBias.VisibleKeys visible -> visible.counts()[sequence];
            case AttentionBias.Sum sum -> Math.min(visible(sum.first(), sequence), visible(sum.second(), sequence));
            case AttentionBias.None _, AttentionBias.Dense _, AttentionBias.ByDistance _, AttentionBias.Window _,
                    AttentionBias.Disentangled _ -> Integer.MAX_VALUE;
        };
    }

    /// {@return number of keys}
    public int length() {
        return to - from;
    }
}
