// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Arrays;

/** The tokens of one sequence while they are found: ids, and offsets in UTF-16 units of the original text. */
final class TokenBuffer {
    /** An id, plus this on the first token of a word: the sign bit. */
    private static final int WORD_START = 1 << 31;

    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int size;

    TokenBuffer(int capacity) {
        ids = new int[Math.max(8, capacity)];
        starts = new int[ids.length];
        ends = new int[ids.length];
    }

    int size() {
        return size;
    }

    /** Appends the first token of a word. */
    void addWord(int id, int start, int end) {
        add(id | WORD_START, start, end);
    }

    /** Appends another token of the same word. */
    void addContinuation(int id, int start, int end) {
        add(id, start, end);
    }

    private void add(int id, int start, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    /** Forgets all but the first tokens. */
    void cut(int length) {
        size = length;
    }

    /** The tokens of the fewest words, from the side that is not cut, that have at least {@code limit} tokens; or all. */
    int read(int limit, Truncation.Direction cut) {
        int read = Math.min(limit, size);
        while (read > 0 && read < size && !isBoundary(cut == Truncation.Direction.LEFT ? size - read : read)) {
            read++;
        }
        return read;
    }

    private boolean isBoundary(int index) {
        return (ids[index] & WORD_START) != 0;
    }

    /** Copies the ids of {@code count} tokens. */
    void copyIds(int from, int[] target, int at, int count) {
        for (int i = 0; i < count; i++) {
            target[at + i] = ids[from + i] & ~WORD_START;
        }
    }

    /** Copies the offsets of {@code count} tokens. */
    void copyOffsets(int from, int[] targetStarts, int[] targetEnds, int at, int count) {
        System.arraycopy(starts, from, targetStarts, at, count);
        System.arraycopy(ends, from, targetEnds, at, count);
    }
}
