// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench;

import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Token ids to run, batch by batch.
///
/// @param name    `32×128`, or where the texts come from
/// @param batches `[batch][sequence][token]`
record Workload(String name, List<int[][]> batches) {

    private static final int MAX_TOKENS = 256;
    /// Padded tokens of a batch of passages: what suits a peer that pads.
    private static final int BATCH_TOKENS = 4096;

    /// One batch of random ids.
    static Workload grid(int batch, int length, int vocabSize) {
        SplittableRandom random = new SplittableRandom(batch * 31L + length);
        int[][] ids = new int[batch][];
        for (int i = 0; i < batch; i++) {
            ids[i] = IntStream.range(0, length).map(t -> 1000 + random.nextInt(vocabSize - 1000)).toArray();
        }
        return new Workload(batch + "×" + length, List.<int[][]>of(ids));
    }

    /// The first `count` texts of a file, cut at 256 tokens and sorted by length, so that padding costs a peer little.
    ///
    /// @param file one text a line; where a line has tabs, its last field
    static Workload passages(Path file, int count, Tokenizer tokenizer) throws IOException {
        EncodeOptions options = EncodeOptions.defaults().withMaxLength(MAX_TOKENS);
        List<int[]> all;
        try (var lines = Files.lines(file)) {
            all = lines.filter(line -> !line.isBlank()).limit(count)
                    .map(line -> tokenizer.encode(line.substring(line.lastIndexOf('\t') + 1), null, options).ids())
                    .sorted(Comparator.comparingInt((int[] a) -> a.length).reversed()).toList();
        }
        List<int[][]> batches = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= all.size(); i++) {
            if (i == all.size() || (i - from + 1) * all.get(from).length > BATCH_TOKENS) {
                batches.add(all.subList(from, i).toArray(int[][]::new));
                from = i;
            }
        }
        return new Workload(all.size() + " passages", batches);
    }

    long tokens() {
        return batches.stream().flatMap(Arrays::stream).mapToLong(a -> a.length).sum();
    }

    int texts() {
        return batches.stream().mapToInt(b -> b.length).sum();
    }
}
