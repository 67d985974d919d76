// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Sequences;
import java.util.List;

/// The tokens of several texts, one after the other, never padded.
///
/// @param ids         T token ids
/// @param typeIds     T segment ids: 0 for the first text of a pair, 1 for the second
/// @param positionIds T positions within the sequence, from 0
/// @param sequences   which tokens belong together
public record Batch(int[] ids, int[] typeIds, int[] positionIds, Sequences sequences) {

    /// @throws IllegalArgumentException if the arrays and the sequences do not agree on T
    public Batch {
        if (ids.length != sequences.tokens() || typeIds.length != ids.length || positionIds.length != ids.length) {
            throw new IllegalArgumentException("batch of " + ids.length + " ids, " + typeIds.length + " type ids, "
                    + positionIds.length + " positions and " + sequences.tokens() + " tokens in its sequences");
        }
    }

    /// A batch of sequences given by their ids and type ids, with positions counted from 0 in each.
    public static Batch of(List<int[]> ids, List<int[]> typeIds) {
        Sequences sequences = Sequences.ofLengths(ids.stream().mapToInt(a -> a.length).toArray());
        int[] allIds = new int[sequences.tokens()];
        int[] allTypes = new int[sequences.tokens()];
        int[] positions = new int[sequences.tokens()];
        for (int i = 0; i < sequences.count(); i++) {
            int start = sequences.start(i);
            System.arraycopy(ids.get(i), 0, allIds, start, ids.get(i).length);
            System.arraycopy(typeIds.get(i), 0, allTypes, start, typeIds.get(i).length);
            for (int t = 0; t < sequences.length(i); t++) {
                positions[start + t] = t;
            }
        }
        return new Batch(allIds, allTypes, positions, sequences);
    }

    /// A batch of sequences of one segment each.
    public static Batch of(int[]... ids) {
        return of(List.of(ids), java.util.Arrays.stream(ids).map(a -> new int[a.length]).toList());
    }

    /// Tokens of all sequences together, T.
    public int tokens() {
        return ids.length;
    }
}
