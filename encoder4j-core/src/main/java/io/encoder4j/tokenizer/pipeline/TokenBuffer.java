// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.text.GrowthLimit;
import io.encoder4j.tokenizer.text.TokenizerProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tokens found in one text so far: ids, and offsets in UTF-16 units of the original text.
public final class TokenBuffer {
    /// Marks the first token of a word, and an added token, which is a word of its own.
    private static final int WORD_START = 1 << 31;
    private static final int ADDED = 1 << 30;
    private static final int MARKS = WORD_START | ADDED;

    private int[] ids;
    private int[] starts;
    private int[] ends;
    /// Strings that differ from the vocabulary's; null where they do not, or if none does.
    private @Nullable String @Nullable [] texts;
    private int size;
    private long normalizedLength;
    private final char[] source;
    private final GrowthLimit limit;
    private final Symbols symbols = new Symbols();
    private final Unigram.Lattice lattice = new Unigram.Lattice();

    /// @param source the text whose tokens these are
    /// @param capacity the expected number of tokens
    public TokenBuffer(char[] source, int capacity) {
        this.source = source;
        limit = new GrowthLimit(source.length);
        ids = new int[Math.max(8, capacity)];
        starts = new int[ids.length];
        ends = new int[ids.length];
    }

    public int size() {
        return size;
    }

    /// Counts the length of another piece of the text as it is when its words are tokenized.
    ///
    /// @throws TokenizerProblem if the pieces are too long together
    public void addLength(int chars) {
        normalizedLength += chars;
        limit.check(normalizedLength);
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

    /// Gives the last token a string that differs from the vocabulary's.
    public void lastText(String text) {
        if (texts == null) {
            texts = new String[ids.length];
        }
        texts[size - 1] = text;
    }

    /// Working space for a model.
    Symbols symbols() {
        return symbols;
    }

    /// Working space for a model.
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

    /// Removes all but the first `length` tokens.
    void cut(int length) {
        size = length;
    }

    /// Removes all but the tokens `from` (inclusive) to `to` (exclusive), and those of one id.
    public void keep(int from, int to, int without) {
        int kept = 0;
        for (int i = from; i < to; i++) {
            if ((ids[i] & ~MARKS) != without) {
                ids[kept] = ids[i];
                starts[kept] = starts[i];
                ends[kept] = ends[i];
                if (texts != null) {
                    texts[kept] = texts[i];
                }
                kept++;
            }
        }
        size = kept;
    }

    /// The number of tokens that the reference reads of a text before it cuts it: from the side that is kept, until a
    /// word (not an added token) brings them to `limit`.
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

    /// Copies the word numbers of `count` tokens.
    public void copyWords(int from, int[] target, int at, int count) {
        int word = -1;
        for (int i = 0; i < from + count; i++) {
            word += (ids[i] & WORD_START) != 0 || i == 0 ? 1 : 0;
            if (i >= from) {
                target[at + i - from] = word;
            }
        }
    }

    /// Copies the strings that differ from the vocabulary's. Returns the target, which is created when first needed.
    public @Nullable String @Nullable [] copyTexts(int from, @Nullable String @Nullable [] target, int at, int count, int length) {
        if (texts == null) {
            return target;
        }
        @Nullable String[] copied = target == null ? new String[length] : target;
        System.arraycopy(texts, from, copied, at, count);
        return copied;
    }
}
