// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.checkpoint.Checkpoint;
import io.encoder4j.checkpoint.CheckpointException;
import io.encoder4j.checkpoint.StoredTensor;
import io.encoder4j.nn.Batch;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The inputs of a golden, and the way from its padded tensors to our rows: row `r` of ours is token `columns[r]` of its
/// sequence there.
///
/// @param batch   the tokens the mask lets through
/// @param columns for each of them its position in the padded sequence
/// @param length  length of the padded sequences
record GoldenInputs(Batch batch, int[] columns, int length) {

    static final Set<String> NAMES = Set.of("input_ids", "attention_mask", "token_type_ids");

    static GoldenInputs read(Checkpoint golden) {
        StoredTensor ids = integers(golden, "input_ids", null);
        if (ids == null || ids.shape().length != 2) {
            throw new CheckpointException(golden.location() + ": expected input_ids [batch, tokens], found "
                    + (ids == null ? "none" : ids));
        }
        StoredTensor mask = integers(golden, "attention_mask", ids);
        StoredTensor types = integers(golden, "token_type_ids", ids);
        int length = Math.toIntExact(ids.shape()[1]);
        int[] kept = IntStream.range(0, Math.toIntExact(ids.elements()))
                .filter(i -> mask == null || mask.getLong(i) != 0).toArray();
        int[] lengths = new int[Math.toIntExact(ids.shape()[0])];
        Arrays.stream(kept).forEach(i -> lengths[i / length]++);
        int[] columns = Arrays.stream(kept).map(i -> i % length).toArray();
        // Transformers numbers positions along the padded sequence.
        Batch batch = new Batch(Arrays.stream(kept).map(i -> (int) ids.getLong(i)).toArray(),
                Arrays.stream(kept).map(i -> types == null ? 0 : (int) types.getLong(i)).toArray(),
                columns, Sequences.ofLengths(lengths), behind(ids, kept, lengths, length));
        return new GoldenInputs(batch, columns, length);
    }

    /// The id behind the last token of each sequence, or -1 at the end of the batch.
    private static int[] behind(StoredTensor ids, int[] kept, int[] lengths, int length) {
        int[] behind = new int[lengths.length];
        for (int i = 0, end = 0; i < lengths.length; i++) {
            end += lengths[i];
            int next = lengths[i] == 0 ? i * length : kept[end - 1] + 1;
            behind[i] = next < (i + 1) * length ? (int) ids.getLong(next) : -1;
        }
        return behind;
    }

    private static @Nullable StoredTensor integers(Checkpoint golden, String name, @Nullable StoredTensor like) {
        StoredTensor tensor = golden.find(name).orElse(null);
        if (tensor != null && (tensor.dtype().isFloat()
                || like != null && !Arrays.equals(tensor.shape(), like.shape()))) {
            throw new CheckpointException(golden.location() + ": expected integers in " + name
                    + (like == null ? "" : " of shape " + Arrays.toString(like.shape())) + ", found " + tensor);
        }
        return tensor;
    }

    /// Compares what there is one of for each token, `[B, S, F]` (or `[1, S, F]`, the same for every sequence) with our
    /// `[T, F]`, for each position, `[S, F]` with our `[T, F]`, or for each sequence, `[B, F]` with our `[B, F]`.
    Result compareRows(String name, Tensor expected, Tensor ours, Tolerance tolerance) {
        Sequences sequences = batch.sequences();
        if (expected.rank() == 2 && expected.size(0) == length && ours.size(0) == sequences.tokens()) {
            return compareRows(name, expected.reshape(1, length, expected.size(1)), ours, tolerance);
        }
        if (isMiddle(expected, ours, sequences)) {
            return compareMiddle(name, expected, ours, tolerance);
        }
        if (expected.rank() == 2 || ours.rank() != 2) {
            return Comparison.whole(name, expected, ours, tolerance);
        }
        boolean shared = expected.rank() == 3 && expected.size(0) == 1;
        if (expected.rank() != 3 || !shared && expected.size(0) != sequences.count() || expected.size(1) != length
                || ours.size(0) != sequences.tokens() || ours.size(1) != expected.size(2)) {
            return Comparison.failed(name, expected, tolerance, "the golden has "
                    + Arrays.toString(expected.shape()) + ", we compute " + Arrays.toString(ours.shape()) + " for "
                    + sequences.count() + " sequences of up to " + length + " tokens");
        }
        Comparison comparison = new Comparison(name, expected, tolerance);
        int width = expected.size(2);
        for (int i = 0; i < sequences.count(); i++) {
            for (int row = sequences.start(i); row < sequences.start(i) + sequences.length(i); row++) {
                int from = ((shared ? 0 : i) * length + columns[row]) * width;
                comparison.row(from, ours.values(), row * width, width);
            }
        }
        return comparison.result();
    }

    /// Whether ours are the middle rows of a table of relative positions, of which only those of distances that occur are
    /// computed: from the longest sequence's length to twice that less one.
    private static boolean isMiddle(Tensor expected, Tensor ours, Sequences sequences) {
        int rows = ours.rank() == 2 ? ours.size(0) : 0;
        boolean oneTable = expected.rank() == 2 || expected.rank() == 3 && expected.size(0) == 1;
        return oneTable && rows % 2 == 1 && rows != sequences.tokens() && rows < expected.size(-2)
                && rows >= sequences.longest() && rows <= 2 * sequences.longest() - 1
                && ours.size(1) == expected.size(-1);
    }

    private static Result compareMiddle(String name, Tensor expected, Tensor ours, Tolerance tolerance) {
        Comparison comparison = new Comparison(name, expected, tolerance);
        int width = expected.size(-1);
        int first = expected.size(-2) / 2 - ours.size(0) / 2;
        for (int row = 0; row < ours.size(0); row++) {
            comparison.row((first + row) * width, ours.values(), row * width, width);
        }
        return comparison.result();
    }

    /// Compares the means over the tokens of each sequence, `[B, F]`: of `[B, S, F]` with that of our `[T, F]`.
    Result compareMeans(String name, Tensor expected, Tensor ours, Tolerance tolerance) {
        Sequences sequences = batch.sequences();
        int width = expected.size(-1);
        if (expected.rank() != 3 || expected.size(0) != sequences.count() || expected.size(1) != length
                || ours.size(-1) != width) {
            return Comparison.failed(name, expected, tolerance, "the golden has " + Arrays.toString(expected.shape())
                    + ", we compute " + Arrays.toString(ours.shape()));
        }
        Tensor theirMeans = Tensor.zeros(sequences.count(), width);
        Tensor ourMeans = Tensor.zeros(sequences.count(), width);
        for (int i = 0; i < sequences.count(); i++) {
            for (int row = sequences.start(i); row < sequences.start(i) + sequences.length(i); row++) {
                int theirs = (i * length + columns[row]) * width;
                for (int col = 0; col < width; col++) {
                    theirMeans.values()[i * width + col] += expected.values()[theirs + col] / sequences.length(i);
                    ourMeans.values()[i * width + col] += ours.values()[row * width + col] / sequences.length(i);
                }
            }
        }
        return Comparison.whole(name, theirMeans, ourMeans, tolerance);
    }

    /// Compares what there is one of for each head and pair of tokens, `[B, N, S, S]`, with our `[N, S, S]` for each
    /// sequence. Neither a query nor a key in the padding is compared.
    Result comparePairs(String name, Tensor expected, List<Tensor> ours, Tolerance tolerance) {
        Sequences sequences = batch.sequences();
        if (expected.rank() != 4 || expected.size(0) != ours.size() || expected.size(2) != length
                || expected.size(3) != length || ours.stream().anyMatch(t -> t.size(0) != expected.size(1))) {
            return Comparison.failed(name, expected, tolerance, "the golden has "
                    + Arrays.toString(expected.shape()) + ", we compute " + ours + " for " + sequences.count()
                    + " sequences of up to " + length + " tokens");
        }
        Comparison comparison = new Comparison(name, expected, tolerance);
        for (int i = 0; i < ours.size(); i++) {
            int[] tokens = Arrays.copyOfRange(columns, sequences.start(i), sequences.start(i) + sequences.length(i));
            float[] padded = new float[length];
            for (int row = 0; row < ours.get(i).size(0) * tokens.length; row++) {
                int head = row / tokens.length;
                int from = ((i * expected.size(1) + head) * length + tokens[row % tokens.length]) * length;
                for (int key = 0; key < tokens.length; key++) {
                    padded[tokens[key]] = ours.get(i).values()[row * tokens.length + key];
                }
                compareKeys(comparison, from, padded, tokens);
            }
        }
        return comparison.result();
    }

    // Usually one run of keys; more only where the mask has holes.
    private static void compareKeys(Comparison comparison, int from, float[] padded, int[] keys) {
        for (int begin = 0, end; begin < keys.length; begin = end) {
            end = begin + 1;
            while (end < keys.length && keys[end] == keys[end - 1] + 1) {
                end++;
            }
            comparison.row(from + keys[begin], padded, keys[begin], end - begin);
        }
    }

    @Override
    public String toString() {
        return batch.sequences().count() + " sequences of " + IntStream.range(0, batch.sequences().count())
                .mapToObj(i -> String.valueOf(batch.sequences().length(i))).collect(Collectors.joining(", ")) + " tokens";
    }
}
