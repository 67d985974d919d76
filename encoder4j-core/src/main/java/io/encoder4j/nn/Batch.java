// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Sequences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// The tokens of several texts, one text after the other, without padding.
///
/// @param ids         T token ids
/// @param typeIds     T segment ids: 0 for the first text of a pair, 1 for the second
/// @param positionIds T positions within the sequence, from 0
/// @param sequences   which tokens belong together
/// @param behind      for each sequence the id of the padding that stood behind it where the batch came from, or -1 if none
///                    did. Attention never sees it; it matters only to who compares with a reference that does see it
public record Batch(int[] ids, int[] typeIds, int[] positionIds, Sequences sequences, int[] behind) {

    /// A batch without any record of padding.
    ///
    /// @param ids         token ids, `[T]`
    /// @param typeIds     token types, `[T]`
    /// @param positionIds positions, `[T]`
    /// @param sequences   where each sequence begins and ends
    public Batch(int[] ids, int[] typeIds, int[] positionIds, Sequences sequences) {
        this(ids, typeIds, positionIds, sequences, noneBehind(sequences.count()));
    }

    private static int[] noneBehind(int count) {
        int[] behind = new int[count];
        Arrays.fill(behind, -1);
        return behind;
    }

    /// Checks the sizes.
    ///
    /// @throws IllegalArgumentException if the arrays and the sequences do not agree on T
    public Batch {
        if (behind.length != sequences.count()) {
            throw new IllegalArgumentException("batch of " + sequences.count() + " sequences, with padding behind "
                    + behind.length);
        }
        if (ids.length != sequences.tokens() || typeIds.length != ids.length || positionIds.length != ids.length) {
            throw new IllegalArgumentException("batch of " + ids.length + " ids, " + typeIds.length + " type ids, "
                    + positionIds.length + " positions and " + sequences.tokens() + " tokens in its sequences");
        }
    }

    /// {@return a batch of sequences given by their ids and type ids, with positions counted from 0 in each}
    ///
    /// @param ids     token ids of each text
    /// @param typeIds token types of each text
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

    /// {@return a batch of sequences of one segment each}
    ///
    /// @param ids token ids of each text
    public static Batch of(int[]... ids) {
        return of(List.of(ids), Arrays.stream(ids).map(a -> new int[a.length]).toList());
    }

    /// {@return the type ids for a table of this many rows} A table of one row knows only type 0: transformers ignores types in
    /// RoBERTa's families, although a tokenizer may give the second text type 1.
    ///
    /// @param rows rows of the table of types
    public int[] typeIds(int rows) {
        return rows == 1 ? new int[tokens()] : typeIds;
    }

    /// {@return this batch with a record of the padding that stood behind its sequences}
    ///
    /// @param padding how many tokens of padding the reference would put behind each sequence
    public Batch withBehind(int[] padding) {
        return new Batch(ids, typeIds, positionIds, sequences, padding);
    }

    /// The ids with the padding behind them.
    ///
    /// @param ids       more than T
    /// @param sequences one longer where there is padding
    /// @param rows      the T of them that are tokens
    public record Padded(int[] ids, Sequences sequences, int[] rows) { }

    /// {@return the ids with the padding behind them, if there is any}
    public Optional<Padded> padded() {
        if (Arrays.stream(behind).allMatch(id -> id < 0)) {
            return Optional.empty();
        }
        int[] lengths = IntStream.range(0, behind.length).map(i -> sequences.length(i) + (behind[i] < 0 ? 0 : 1)).toArray();
        Sequences longer = Sequences.ofLengths(lengths);
        int[] paddedIds = new int[longer.tokens()];
        int[] rows = new int[tokens()];
        for (int i = 0; i < behind.length; i++) {
            for (int t = 0; t < lengths[i]; t++) {
                boolean isToken = t < sequences.length(i);
                paddedIds[longer.start(i) + t] = isToken ? ids[sequences.start(i) + t] : behind[i];
                if (isToken) {
                    rows[sequences.start(i) + t] = longer.start(i) + t;
                }
            }
        }
        return Optional.of(new Padded(paddedIds, longer, rows));
    }

    /// {@return the sequences from `first` (inclusive) to `end` (exclusive), as a batch of their own}
    ///
    /// @param first the first sequence
    /// @param end   the first sequence that no longer belongs to it
    public Batch part(int first, int end) {
        Objects.checkFromToIndex(first, end, sequences.count());
        int from = sequences.starts()[first];
        int to = sequences.starts()[end];
        int[] starts = Arrays.copyOfRange(sequences.starts(), first, end + 1);
        for (int i = 0; i < starts.length; i++) {
            starts[i] -= from;
        }
        return new Batch(Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(typeIds, from, to),
                Arrays.copyOfRange(positionIds, from, to), new Sequences(starts), Arrays.copyOfRange(behind, first, end));
    }

    /// {@return the batch in parts of at most this many tokens} A longer sequence is a part of its own.
    ///
    /// @param maxTokens tokens a part should have at most
    public List<Batch> parts(int maxTokens) {
        List<Batch> parts = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= sequences.count(); i++) {
            if (i == sequences.count() || sequences.starts()[i + 1] - sequences.starts()[first] > maxTokens) {
                parts.add(part(first, i));
                first = i;
            }
        }
        return parts;
    }

    /// {@return tokens of all sequences together, T}
    public int tokens() {
        return ids.length;
    }
}
