// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Places in a word that no merge crosses: between two symbols of which no merge ever has one at the end of its left
/// part and the other at the start of its right part. The symbols between two boundaries merge as if they were a word.
/// So SentencePiece's words, which are whole texts, cost no more than other tokenizers' words.
final class MergeBoundaries {
    /// No boundaries.
    static final MergeBoundaries NONE = new MergeBoundaries(null);

    /// Pairs of symbols that a merge may join; null if there are no boundaries.
    private final @Nullable MergeTable joined;

    private MergeBoundaries(@Nullable MergeTable joined) {
        this.joined = joined;
    }

    /// The boundaries of a list of merges. There are none if a token can be made of different symbols, or of a token
    /// that is made later.
    static MergeBoundaries of(MergeTable merges) {
        MergeTable joined = new MergeTable(64);
        int[][] all = merges.inOrder();
        int size = 1 + Arrays.stream(all).flatMapToInt(Arrays::stream).max().orElse(0);
        int[] first = new int[size];
        int[] last = new int[size];
        boolean[] used = new boolean[size];
        Arrays.setAll(first, id -> id);
        Arrays.setAll(last, id -> id);
        for (int[] merge : all) {
            int left = merge[0];
            int right = merge[1];
            int made = merge[2];
            boolean known = first[made] != made || last[made] != made;
            boolean same = first[made] == first[left] && last[made] == last[right];
            if (known ? !same : used[made]) {
                return NONE;
            }
            used[left] = true;
            used[right] = true;
            first[made] = first[left];
            last[made] = last[right];
            joined.put(last[left], first[right], 0, 0);
        }
        return new MergeBoundaries(joined);
    }

    /// Whether there is a boundary between two symbols.
    ///
    /// @param left  the symbol before the place
    /// @param right the symbol after the place
    boolean between(int left, int right) {
        return joined != null && joined.find(left, right) == MergeTable.NONE;
    }
}
