// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Arrays;

/** The tokens of one sequence while they are found: ids, and offsets in UTF-16 units of the original text. */
final class TokenBuffer {
    /** On the ids of the first token of a word, and of an added token, which is a word of its own. */
    private static final int WORD_START = 1 << 31;
    private static final int ADDED = 1 << 30;
    private static final int MARKS = WORD_START | ADDED;

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

    /** Appends an added token. */
    void addAdded(int id, int start, int end) {
        add(id | MARKS, start, end);
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

    /**
     * The tokens the reference reads of a text it is going to cut: from the side that stays, until a word of the model
     * (not an added token) brings them to {@code limit}.
     */
    int read(int limit, Truncation.Direction cut) {
        int read = Math.min(Math.max(limit, 1), size);
        while (read < size && !(cut == Truncation.Direction.RIGHT ? wordEndsAt(read) : wordStartsAt(size - read))) {
            read++;
        }
        return read;
    }

    private boolean wordStartsAt(int index) {
        return (ids[index] & MARKS) == WORD_START;
    }

    private boolean wordEndsAt(int index) {
        return (ids[index - 1] & ADDED) == 0 && (ids[index] & WORD_START) != 0;
    }

    /** Copies the ids of {@code count} tokens. */
    void copyIds(int from, int[] target, int at, int count) {
        for (int i = 0; i < count; i++) {
            target[at + i] = ids[from + i] & ~MARKS;
        }
    }

    /** Copies the offsets of {@code count} tokens. */
    void copyOffsets(int from, int[] targetStarts, int[] targetEnds, int at, int count) {
        System.arraycopy(starts, from, targetStarts, at, count);
        System.arraycopy(ends, from, targetEnds, at, count);
    }

    /** Copies, for {@code count} tokens, the number of the word each belongs to. */
    void copyWords(int from, int[] target, int at, int count) {
        int word = -1;
        for (int i = 0; i < from + count; i++) {
            word += (ids[i] & WORD_START) != 0 || i == 0 ? 1 : 0;
            if (i >= from) {
                target[at + i - from] = word;
            }
        }
    }
}
