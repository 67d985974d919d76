// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.Arrays;

/// A word while byte-pair encoding merges its symbols: the pair of the lowest rank first, and of equal ones the
/// leftmost.
final class Symbols {
    /// Up to this many symbols a search of all pairs is faster than a heap.
    private static final int SHORT = 96;

    private int[] ids = new int[32];
    /// The length of a symbol in bytes.
    private int[] lengths = new int[32];
    private int size;
    private long[] pairs = new long[SHORT];

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    int id(int index) {
        return ids[index];
    }

    int length(int index) {
        return lengths[index];
    }

    void add(int id, int length) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        ids[size] = id;
        lengths[size++] = length;
    }

    /// Merges all that can be merged, one part between two boundaries at a time.
    void merge(MergeTable merges, MergeBoundaries seams) {
        int kept = 0;
        int from = 0;
        for (int to = 1; to <= size; to++) {
            if (to == size || seams.between(ids[to - 1], ids[to])) {
                int count = to - from;
                if (kept < from) {
                    System.arraycopy(ids, from, ids, kept, count);
                    System.arraycopy(lengths, from, lengths, kept, count);
                }
                kept += count == 1 ? 1 : count <= SHORT ? mergeFew(merges, kept, count) : mergeMany(merges, kept, count);
                from = to;
            }
        }
        size = kept;
    }

    /// @return how many of the `count` symbols that begin at `from` are left
    private int mergeFew(MergeTable merges, int from, int count) {
        for (int i = 0; i + 1 < count; i++) {
            pairs[i] = merges.find(ids[from + i], ids[from + i + 1]);
        }
        int left = count;
        while (left > 1) {
            int best = 0;
            for (int i = 1; i + 1 < left; i++) {
                best = pairs[i] >>> 32 < pairs[best] >>> 32 ? i : best;
            }
            if (pairs[best] == MergeTable.NONE) {
                break;
            }
            int at = from + best;
            ids[at] = (int) pairs[best];
            lengths[at] += lengths[at + 1];
            int after = left - best - 2;
            System.arraycopy(ids, at + 2, ids, at + 1, after);
            System.arraycopy(lengths, at + 2, lengths, at + 1, after);
            if (after > 0) {
                System.arraycopy(pairs, best + 2, pairs, best + 1, after - 1);
                pairs[best] = merges.find(ids[at], ids[at + 1]);
            }
            if (best > 0) {
                pairs[best - 1] = merges.find(ids[at - 1], ids[at]);
            }
            left--;
        }
        return left;
    }

    /// The same with a heap of pairs ordered by rank and place; pairs whose symbols have changed are skipped.
    private int mergeMany(MergeTable merges, int from, int count) {
        int end = from + count;
        int[] previous = new int[count];
        int[] next = new int[count];
        long[] heap = new long[count];
        int waiting = 0;
        for (int i = 0; i < count; i++) {
            previous[i] = from + i - 1;
            next[i] = from + i + 1;
            waiting = i + 1 < count ? push(heap, waiting, merges.find(ids[from + i], ids[from + i + 1]), from + i) : waiting;
        }
        while (waiting > 0) {
            long top = heap[0];
            waiting = pop(heap, waiting);
            int at = (int) top;
            int right = lengths[at] == 0 ? end : next[at - from];
            long merge = right == end ? MergeTable.NONE : merges.find(ids[at], ids[right]);
            if (merge == MergeTable.NONE || merge >>> 32 != top >>> 32) {
                continue;
            }
            ids[at] = (int) merge;
            lengths[at] += lengths[right];
            lengths[right] = 0;
            next[at - from] = next[right - from];

            if (waiting + 2 > heap.length) {
                heap = Arrays.copyOf(heap, 2 * heap.length);
            }
            int behind = next[at - from];
            if (behind < end) {
                previous[behind - from] = at;
                waiting = push(heap, waiting, merges.find(ids[at], ids[behind]), at);
            }
            int before = previous[at - from];
            if (before >= from) {
                waiting = push(heap, waiting, merges.find(ids[before], ids[at]), before);
            }
        }
        return compact(next, from, count);
    }

    private int compact(int[] next, int from, int count) {
        int kept = 0;
        for (int i = from; i < from + count; i = next[i - from]) {
            ids[from + kept] = ids[i];
            lengths[from + kept++] = lengths[i];
        }
        return kept;
    }

    private static int push(long[] heap, int count, long merge, int at) {
        if (merge == MergeTable.NONE) {
            return count;
        }
        long entry = merge & 0xFFFF_FFFF_0000_0000L | at;
        int hole = count;
        while (hole > 0 && heap[hole - 1 >> 1] > entry) {
            heap[hole] = heap[hole - 1 >> 1];
            hole = hole - 1 >> 1;
        }
        heap[hole] = entry;
        return count + 1;
    }

    private static int pop(long[] heap, int count) {
        long entry = heap[count - 1];
        int last = count - 1;
        int hole = 0;
        while (2 * hole + 1 < last) {
            int child = 2 * hole + 1;
            child += child + 1 < last && heap[child + 1] < heap[child] ? 1 : 0;
            if (heap[child] >= entry) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = entry;
        return last;
    }
}
