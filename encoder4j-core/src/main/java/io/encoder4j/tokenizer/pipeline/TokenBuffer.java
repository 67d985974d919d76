// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tokens of one sequence while they are found: ids, and offsets in UTF-16 units of the original text.
public final class TokenBuffer {
    /// On the ids of the first token of a word, and of an added token, which is a word of its own.
    private static final int WORD_START = 1 << 31;
    private static final int ADDED = 1 << 30;
    private static final int MARKS = WORD_START | ADDED;

    private int[] ids;
    private int[] starts;
    private int[] ends;
    /// Strings that are not the vocabulary's, or null where there are none.
    private @Nullable String @Nullable [] texts;
    private int size;
    private final char[] source;
    private final Symbols symbols = new Symbols();
    private final Unigram.Lattice lattice = new Unigram.Lattice();

    /// @param source the text whose tokens these are
    /// @param capacity how many there may be
    public TokenBuffer(char[] source, int capacity) {
        this.source = source;
        ids = new int[Math.max(8, capacity)];
        starts = new int[ids.length];
        ends = new int[ids.length];
    }

    public int size() {
        return size;
    }

    /// Appends the first token of a word.
    void addWord(int id, int start, int end) {
        add(id | WORD_START, start, end);
    }

    /// Appends an added token.
    public void addAdded(int id, int start, int end) {
        add(id | MARKS, start, end);
    }

    /// Appends another token of the same word.
    void addContinuation(int id, int start, int end) {
        add(id, start, end);
    }

    /// Appends the first or another token of a word.
    void add(int id, int start, int end, boolean first) {
        add(first ? id | WORD_START : id, start, end);
    }

    /// Gives the last token a string that is not the vocabulary's.
    public void lastText(String text) {
        if (texts == null) {
            texts = new String[ids.length];
        }
        texts[size - 1] = text;
    }

    /// Room for a model to work in.
    Symbols symbols() {
        return symbols;
    }

    /// Room for a model to work in.
    Unigram.Lattice lattice() {
        return lattice;
    }

    /// The text whose tokens these are.
    public char[] source() {
        return source;
    }

    private void add(int id, int start, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            texts = texts == null ? null : Arrays.copyOf(texts, 2 * size);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    /// Forgets all but the first tokens.
    void cut(int length) {
        size = length;
    }

    /// The tokens the reference reads of a text it is going to cut: from the side that stays, until a word of the model
    /// (not an added token) brings them to `limit`.
    public int read(int limit, boolean cutRight) {
        int read = Math.min(Math.max(limit, 1), size);
        while (read < size && !(cutRight ? wordEndsAt(read) : wordStartsAt(size - read))) {
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

    /// Copies the ids of `count` tokens.
    public void copyIds(int from, int[] target, int at, int count) {
        for (int i = 0; i < count; i++) {
            target[at + i] = ids[from + i] & ~MARKS;
        }
    }

    /// Copies the offsets of `count` tokens.
    public void copyOffsets(int from, int[] targetStarts, int[] targetEnds, int at, int count) {
        System.arraycopy(starts, from, targetStarts, at, count);
        System.arraycopy(ends, from, targetEnds, at, count);
    }

    /// Copies, for `count` tokens, the number of the word each belongs to.
    public void copyWords(int from, int[] target, int at, int count) {
        int word = -1;
        for (int i = 0; i < from + count; i++) {
            word += (ids[i] & WORD_START) != 0 || i == 0 ? 1 : 0;
            if (i >= from) {
                target[at + i - from] = word;
            }
        }
    }

    /// Copies strings that are not the vocabulary's; returns the target, which is made once there is one.
    public @Nullable String @Nullable [] copyTexts(int from, @Nullable String @Nullable [] target, int at, int count, int length) {
        if (texts == null) {
            return target;
        }
        @Nullable String[] copied = target == null ? new String[length] : target;
        System.arraycopy(texts, from, copied, at, count);
        return copied;
    }
}
