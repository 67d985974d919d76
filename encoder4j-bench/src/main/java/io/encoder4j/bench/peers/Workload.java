// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.peers;

import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Sequences of token ids to run.
///
/// @param name      `32×128`, `600 passages`
/// @param sequences `[sequence][token]`
/// @param whole     whether all sequences must be one batch
public record Workload(String name, List<int[]> sequences, boolean whole) {

    /// Passages are cut at this many tokens.
    public static final int MAX_TOKENS = 256;

    /// The grid: sequences and tokens.
    public static final List<int[]> GRID = List.of(new int[] {1, 16}, new int[] {1, 128}, new int[] {1, 512},
            new int[] {32, 16}, new int[] {32, 128}, new int[] {8, 512});

    private static final String PASSAGES = " passages";

    /// One batch of random ids.
    public static Workload grid(int batch, int length, int vocabSize) {
        SplittableRandom random = new SplittableRandom(batch * 31L + length);
        List<int[]> ids = IntStream.range(0, batch).mapToObj(_ ->
                IntStream.range(0, length).map(_ -> 1000 + random.nextInt(vocabSize - 1000)).toArray()).toList();
        return new Workload(gridName(batch, length), ids, true);
    }

    /// The name of a grid's workload: `32×128`.
    public static String gridName(int batch, int length) {
        return batch + "×" + length;
    }

    /// Texts cut at [#MAX_TOKENS] and sorted by length, longest first, so that padding costs a peer little.
    public static Workload passages(List<String> texts, Tokenizer tokenizer) {
        EncodeOptions options = EncodeOptions.defaults().withMaxLength(MAX_TOKENS);
        List<int[]> ids = texts.stream().map(text -> tokenizer.encode(text, null, options).ids())
                .sorted(Comparator.comparingInt((int[] a) -> a.length).reversed()).toList();
        return new Workload(ids.size() + PASSAGES, ids, false);
    }

    /// Whether the workload `name` is real text.
    public static boolean isPassages(String name) {
        return name.endsWith(PASSAGES);
    }

    /// Batches with at most that many sequences and tokens, in order; one batch if the workload is [#whole]. A longer sequence is
    /// a batch of its own.
    public List<int[][]> batches(int mostSequences, int mostTokens) {
        if (whole) {
            return List.<int[][]>of(sequences.toArray(int[][]::new));
        }
        List<int[][]> batches = new ArrayList<>();
        int from = 0;
        int tokens = 0;
        for (int i = 0; i < sequences.size(); i++) {
            int length = sequences.get(i).length;
            if (i > from && (i - from == mostSequences || tokens + length > mostTokens)) {
                batches.add(sequences.subList(from, i).toArray(int[][]::new));
                from = i;
                tokens = 0;
            }
            tokens += length;
        }
        if (from < sequences.size()) {
            batches.add(sequences.subList(from, sequences.size()).toArray(int[][]::new));
        }
        return batches;
    }

    /// Tokens in one run, padding not counted.
    public long tokens() {
        return sequences.stream().mapToLong(a -> a.length).sum();
    }
}
