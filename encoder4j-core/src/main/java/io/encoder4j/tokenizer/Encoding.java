// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A text, or a pair of texts, as tokens. Each array has one element per token. The arrays belong to the record: do not
/// write to them. Two encodings are equal only if they share their arrays.
///
/// @param ids row numbers of the embedding table
/// @param typeIds the segment of each token, as the post-processor says
/// @param specialTokensMask whether the tokenizer added the token; false for a `[SEP]` that is part of the text
/// @param tokens the tokens' strings, looked up when they are asked for
/// @param starts where the token begins in its text, in UTF-16 units; 0 for an added token
/// @param ends where it ends, exclusive; 0 for an added token
/// @param sequenceIds 0 for the first text, 1 for the second, -1 for an added token
/// @param wordIds the word of its text that the token belongs to, counted from 0; -1 for an added token
/// @param truncated whether tokens were cut off
/// @param untruncatedLength the number of tokens, special ones included, before anything was cut off
public record Encoding(int[] ids, int[] typeIds, boolean[] specialTokensMask, List<String> tokens, int[] starts,
        int[] ends, int[] sequenceIds, int[] wordIds, boolean truncated, int untruncatedLength) {

    /// {@return the number of tokens}
    public int length() {
        return ids.length;
    }

    /// {@return the tokens at the given indices, in that order} Each keeps its type, offsets, sequence and word. The result is
    /// [#truncated()] if this encoding is, or if fewer tokens are selected than there are.
    ///
    /// @param indices places of the tokens wanted, in that order
    /// @throws IndexOutOfBoundsException if there is no token at an index
    public Encoding select(int... indices) {
        boolean[] special = new boolean[indices.length];
        List<String> strings = new ArrayList<>(indices.length);
        for (int i = 0; i < indices.length; i++) {
            special[i] = specialTokensMask[indices[i]];
            strings.add(tokens.get(indices[i]));
        }
        return new Encoding(selected(ids, indices), selected(typeIds, indices), special,
                Collections.unmodifiableList(strings), selected(starts, indices), selected(ends, indices),
                selected(sequenceIds, indices), selected(wordIds, indices), truncated || indices.length < length(),
                untruncatedLength);
    }

    private static int[] selected(int[] values, int[] indices) {
        return Arrays.stream(indices).map(i -> values[i]).toArray();
    }

    /// {@return this encoding with a special token, once or several times, before the token at an index} The new tokens belong
    /// to no text: their type id is 0, their offsets are 0, and their sequence and word ids are -1.
    ///
    /// @param index where the new tokens begin; [#length()] appends them
    /// @param id    the new token's id
    /// @param token the new token's string
    /// @param count how often it is inserted
    /// @throws IndexOutOfBoundsException if the index is negative or more than the length
    public Encoding insert(int index, int id, String token, int count) {
        Objects.checkIndex(index, length() + 1);
        boolean[] special = new boolean[length() + count];
        Arrays.fill(special, index, index + count, true);
        System.arraycopy(specialTokensMask, 0, special, 0, index);
        System.arraycopy(specialTokensMask, index, special, index + count, length() - index);
        List<String> strings = new ArrayList<>(tokens);
        strings.addAll(index, Collections.nCopies(count, token));
        return new Encoding(inserted(ids, index, id, count), inserted(typeIds, index, 0, count), special,
                Collections.unmodifiableList(strings), inserted(starts, index, 0, count),
                inserted(ends, index, 0, count), inserted(sequenceIds, index, -1, count),
                inserted(wordIds, index, -1, count), truncated, untruncatedLength + count);
    }

    private static int[] inserted(int[] values, int index, int value, int count) {
        int[] more = new int[values.length + count];
        Arrays.fill(more, index, index + count, value);
        System.arraycopy(values, 0, more, 0, index);
        System.arraycopy(values, index, more, index + count, values.length - index);
        return more;
    }

    /// The offsets in code points, as Python counts them.
    ///
    /// @param text the text that was encoded
    /// @param pair the second text that was encoded, or null
    /// @return starts and ends, each with one element per token
    public int[][] codePointOffsets(String text, @Nullable String pair) {
        int[][] indices = {codePointIndices(text), codePointIndices(pair == null ? "" : pair)};
        int[][] offsets = new int[2][length()];
        for (int i = 0; i < length(); i++) {
            if (sequenceIds[i] >= 0) {
                offsets[0][i] = indices[sequenceIds[i]][starts[i]];
                offsets[1][i] = indices[sequenceIds[i]][ends[i]];
            }
        }
        return offsets;
    }

    /// For each UTF-16 index of a text, its end included: the number of code points before it.
    private static int[] codePointIndices(String text) {
        int[] indices = new int[text.length() + 1];
        for (int i = 1; i <= text.length(); i++) {
            boolean insidePair = i < text.length() && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            indices[i] = indices[i - 1] + (insidePair ? 0 : 1);
        }
        return indices;
    }
}
