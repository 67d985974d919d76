// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts an {@link Encoding} together: cuts the sequences, and lays them and the special tokens out as the template says.
 */
final class Assembly {
    private final int[] ids;
    private final int[] typeIds;
    private final boolean[] specials;
    private final int[] starts;
    private final int[] ends;
    private final int[] sequenceIds;
    private final int[] wordIds;
    private int size;

    private Assembly(int length) {
        ids = new int[length];
        typeIds = new int[length];
        specials = new boolean[length];
        starts = new int[length];
        ends = new int[length];
        sequenceIds = new int[length];
        wordIds = new int[length];
    }

    static Encoding assemble(Vocabulary vocabulary, PostProcessor postProcessor, TokenBuffer first,
            @Nullable TokenBuffer second, EncodeOptions options) {
        boolean pair = second != null;
        int added = options.addSpecialTokens() ? postProcessor.specialTokenCount(pair) : 0;
        Truncation truncation = options.truncation();
        Truncation.Kept whole = new Truncation.Kept(first.size(), second == null ? -1 : second.size());
        Truncation.Kept kept = truncation == null ? whole : truncation.keep(first, second, added);
        boolean left = truncation != null && truncation.direction() == Truncation.Direction.LEFT;

        List<PostProcessor.Piece> template = postProcessor.template(pair);
        Assembly assembly = new Assembly(length(template, kept, added));
        for (PostProcessor.Piece piece : template) {
            switch (piece) {
                case PostProcessor.Piece.Special special -> {
                    if (added > 0) {
                        assembly.special(special);
                    }
                }
                case PostProcessor.Piece.Sequence(int index, int typeId) when index == 0 ->
                        assembly.sequence(first, kept.first(), left, 0, typeId);
                case PostProcessor.Piece.Sequence(int index, int typeId) when second != null ->
                        assembly.sequence(second, kept.second(), left, index, typeId);
                case PostProcessor.Piece.Sequence none -> throw new IllegalStateException("no text for " + none);
            }
        }
        return assembly.encoding(vocabulary, !kept.equals(whole), length(template, whole, added));
    }

    private static int length(List<PostProcessor.Piece> template, Truncation.Kept kept, int added) {
        int length = added;
        for (PostProcessor.Piece piece : template) {
            if (piece instanceof PostProcessor.Piece.Sequence sequence) {
                length += sequence.index() == 0 ? kept.first() : kept.second();
            }
        }
        return length;
    }

    private void special(PostProcessor.Piece.Special special) {
        for (int id : special.ids()) {
            ids[size] = id;
            typeIds[size] = special.typeId();
            specials[size] = true;
            wordIds[size] = -1;
            sequenceIds[size++] = -1;
        }
    }

    private void sequence(TokenBuffer tokens, int kept, boolean left, int sequenceId, int typeId) {
        int from = left ? tokens.size() - kept : 0;
        tokens.copyIds(from, ids, size, kept);
        tokens.copyOffsets(from, starts, ends, size, kept);
        tokens.copyWords(from, wordIds, size, kept);
        Arrays.fill(typeIds, size, size + kept, typeId);
        Arrays.fill(sequenceIds, size, size + kept, sequenceId);
        size += kept;
    }

    private Encoding encoding(Vocabulary vocabulary, boolean truncated, int untruncatedLength) {
        return new Encoding(ids, typeIds, specials, vocabulary.tokens(ids), starts, ends, sequenceIds, wordIds,
                truncated, untruncatedLength);
    }
}
