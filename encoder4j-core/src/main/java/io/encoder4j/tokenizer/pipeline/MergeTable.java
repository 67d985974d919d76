// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The merges: pairs of tokens, the token each becomes, and its rank. An open-addressing hash table. Safe to share once
/// it is complete.
public final class MergeTable {
    /// The answer of [#find] for a pair that does not merge; greater than every rank.
    static final long NONE = Long.MAX_VALUE;
    private static final long FREE = -1;

    private long[] keys;
    /// rank << 32 | id of the merged token
    private long[] values;
    private int size;

    public MergeTable(int capacity) {
        int slots = Integer.highestOneBit(Math.max(8, capacity)) << 2;
        keys = new long[slots];
        values = new long[slots];
        Arrays.fill(keys, FREE);
    }

    /// Adds a pair. If a pair is added again, its last rank counts.
    public void put(int left, int right, int rank, int merged) {
        if (2 * size >= keys.length) {
            MergeTable larger = new MergeTable(keys.length);
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != FREE) {
                    larger.put((int) (keys[i] >>> 32), (int) keys[i], (int) (values[i] >>> 32), (int) values[i]);
                }
            }
            keys = larger.keys;
            values = larger.values;
        }
        long key = (long) left << 32 | right;
        int slot = slot(key);
        while (keys[slot] != FREE && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        size += keys[slot] == FREE ? 1 : 0;
        keys[slot] = key;
        values[slot] = (long) rank << 32 | merged;
    }

    /// rank << 32 | id of the merged token, or [#NONE].
    long find(int left, int right) {
        long key = (long) left << 32 | right;
        int slot = slot(key);
        while (keys[slot] != key) {
            if (keys[slot] == FREE) {
                return NONE;
            }
            slot = slot + 1 & keys.length - 1;
        }
        return values[slot];
    }

    /// All merges by rank: left, right, merged.
    int[][] inOrder() {
        return IntStream.range(0, keys.length).filter(slot -> keys[slot] != FREE).boxed()
                .sorted(Comparator.comparingInt((Integer slot) -> (int) (values[slot] >>> 32)))
                .map(slot -> new int[] {(int) (keys[slot] >>> 32), (int) keys[slot], (int) values[slot]}).toArray(int[][]::new);
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & keys.length - 1;
    }
}
