// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.kernel.KeyRange;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/// The parts of a block of scratch for the attention of one head within one sequence, as byte offsets. S is the sequence's
/// length, D the head's size rounded up to whole vectors, W the columns of a panel.
///
/// @param length   S
/// @param headSize D
/// @param copied   whether queries, keys, values and context `[S][D]` are copies, with padding
/// @param biased   whether there is a bias
record AttentionPlan(int length, int headSize, boolean copied, int lanes, int panel, boolean biased) {

    static final int QUERIES = KeyRange.QUERIES;

    /// Number of keys, rounded up to whole vectors.
    int padded() {
        return (length + lanes - 1) / lanes * lanes;
    }

    /// `[panels of S][D][W]`.
    long keys() {
        return CallArguments.BYTES;
    }

    /// `[panels of D][S][W]`.
    long values() {
        return keys() + floats(up(length), headSize);
    }

    /// `[queries][padded S]`.
    long scores() {
        return values() + floats(up(headSize), length);
    }

    /// `[queries][padded S]`, if there is a bias.
    long bias() {
        return scores() + floats(QUERIES, padded());
    }

    /// The factor of each row of the context, which is applied last.
    long factors() {
        return bias() + (biased ? floats(QUERIES, padded()) : 0);
    }

    /// Summands for the scores' last vector: -∞ after the last key.
    long tail() {
        return factors() + floats(1, up(QUERIES));
    }

    /// Summands for a last vector that is full: zeros.
    long noTail() {
        return tail() + floats(1, lanes);
    }

    /// The keys of an incomplete vector `[lanes][D]`.
    long lastKeys() {
        return noTail() + floats(1, lanes);
    }

    private long copies() {
        return lastKeys() + floats(lanes, headSize);
    }

    long end() {
        return copies() + (copied ? 4 * floats(length, headSize) : 0);
    }

    /// Room for a copy of queries (0), keys (1), values (2) or the context (3).
    Matrix copy(int which, MemorySegment scratch) {
        return new Matrix(scratch, (copies() + which * floats(length, headSize)) / Float.BYTES, length, headSize, headSize);
    }

    /// Fills the copies of queries, keys and values with zeros, which remain as padding.
    void clearCopies(MemorySegment scratch) {
        scratch.asSlice(copies(), 3 * floats(length, headSize)).fill((byte) 0);
    }

    /// Bytes of a panel of the keys.
    long keyPanel() {
        return floats(headSize, panel);
    }

    /// Bytes of a panel of the values.
    long valuePanel() {
        return floats(length, panel);
    }

    /// Bytes between rows of scores, and of the bias.
    long scoreStride() {
        return floats(1, padded());
    }

    private static long floats(int rows, int cols) {
        return (long) rows * cols * Float.BYTES;
    }

    private int up(int count) {
        return (count + panel - 1) / panel * panel;
    }
}
