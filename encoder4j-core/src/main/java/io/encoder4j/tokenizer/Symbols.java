// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Arrays;

/// A word while byte-pair encoding merges its symbols: the pair of the lowest rank first, the leftmost of equals.
final class Symbols {
    /// Up to here looking through all pairs is faster than keeping a heap.
    private static final int SHORT = 96;

    private int[] ids = new int[32];
    /// Bytes of a symbol.
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

    void merge(Merges merges) {
        if (size <= SHORT) {
            mergeFew(merges);
        } else {
            mergeMany(merges);
        }
    }

    private void mergeFew(Merges merges) {
        for (int i = 0; i + 1 < size; i++) {
            pairs[i] = merges.find(ids[i], ids[i + 1]);
        }
        while (size > 1) {
            int best = 0;
            for (int i = 1; i + 1 < size; i++) {
                best = pairs[i] >>> 32 < pairs[best] >>> 32 ? i : best;
            }
            if (pairs[best] == Merges.NONE) {
                return;
            }
            ids[best] = (int) pairs[best];
            lengths[best] += lengths[best + 1];
            int after = size - best - 2;
            System.arraycopy(ids, best + 2, ids, best + 1, after);
            System.arraycopy(lengths, best + 2, lengths, best + 1, after);
            if (after > 0) {
                System.arraycopy(pairs, best + 2, pairs, best + 1, after - 1);
                pairs[best] = merges.find(ids[best], ids[best + 1]);
            }
            if (best > 0) {
                pairs[best - 1] = merges.find(ids[best - 1], ids[best]);
            }
            size--;
        }
    }

    /// A heap of pairs by rank and place, where a pair whose symbols have changed since is passed over.
    private void mergeMany(Merges merges) {
        int[] previous = new int[size];
        int[] next = new int[size];
        long[] heap = new long[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
            count = i + 1 < size ? push(heap, count, merges.find(ids[i], ids[i + 1]), i) : count;
        }
        while (count > 0) {
            long top = heap[0];
            count = pop(heap, count);
            int at = (int) top;
            int right = lengths[at] == 0 ? size : next[at];
            long merge = right == size ? Merges.NONE : merges.find(ids[at], ids[right]);
            if (merge == Merges.NONE || merge >>> 32 != top >>> 32) {
                continue;
            }
            ids[at] = (int) merge;
            lengths[at] += lengths[right];
            lengths[right] = 0;
            next[at] = next[right];

            if (count + 2 > heap.length) {
                heap = Arrays.copyOf(heap, 2 * heap.length);
            }
            if (next[at] < size) {
                previous[next[at]] = at;
                count = push(heap, count, merges.find(ids[at], ids[next[at]]), at);
            }
            if (previous[at] >= 0) {
                count = push(heap, count, merges.find(ids[previous[at]], ids[at]), previous[at]);
            }
        }
        compact(next);
    }

    private void compact(int[] next) {
        int kept = 0;
        for (int i = 0; i < size; i = next[i]) {
            ids[kept] = ids[i];
            lengths[kept++] = lengths[i];
        }
        size = kept;
    }

    private static int push(long[] heap, int count, long merge, int at) {
        if (merge == Merges.NONE) {
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
