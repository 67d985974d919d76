// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, as tokens. The arrays have one element per token; they are the record's own and must not
 * be written to. Equality is that of the arrays' identity.
 *
 * @param ids rows of the embedding table
 * @param typeIds which segment a token belongs to, as the post-processor says
 * @param specialTokensMask whether the post-processor added the token; false for a {@code [SEP]} that stood in the text
 * @param tokens the tokens' strings, looked up as they are asked for
 * @param starts where the token begins in the text it came from, in UTF-16 units; 0 for an added token
 * @param ends where it ends, exclusive; 0 for an added token
 * @param sequenceIds 0 for the first text, 1 for the second, -1 for an added token
 * @param wordIds the pre-tokenizer's word in its text that the token belongs to, from 0; -1 for an added token
 * @param truncated whether tokens were cut off
 * @param untruncatedLength tokens there would be, special ones included, had nothing been cut
 */
public record Encoding(int[] ids, int[] typeIds, boolean[] specialTokensMask, List<String> tokens, int[] starts,
        int[] ends, int[] sequenceIds, int[] wordIds, boolean truncated, int untruncatedLength) {

    /** Tokens. */
    public int length() {
        return ids.length;
    }

    /**
     * The offsets in code points, as Python counts them.
     *
     * @param text the text that was encoded
     * @param pair the second text that was encoded, or null
     * @return starts and ends, each with one element per token
     */
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

    /** For each UTF-16 index of a text, its end included: the code points before it. */
    private static int[] codePointIndices(String text) {
        int[] indices = new int[text.length() + 1];
        for (int i = 1; i <= text.length(); i++) {
            boolean insidePair = i < text.length() && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            indices[i] = indices[i - 1] + (insidePair ? 0 : 1);
        }
        return indices;
    }
}
