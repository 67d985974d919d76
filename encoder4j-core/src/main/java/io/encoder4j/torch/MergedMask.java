// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.AttentionBias;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All masks of a call as one array that is added to the scores: `(N or 1) × (heads or 1) × L × S`.
///
/// @param values null if nothing is added
record MergedMask(float @Nullable [] values, boolean perSequence, boolean perHead, Sizes sizes) {

    /// What the masks of a call are checked against: N, heads, L, S, and whether the input had a batch dimension.
    record Sizes(int batch, int heads, int queries, int keys, boolean batched) { }

    /// Checks and adds up the masks.
    ///
    /// @throws IllegalArgumentException if a mask has the wrong shape or is not causal though said to be
    static MergedMask of(Masks masks, Sizes sizes) {
        Mask mask = masks.mask();
        Mask padding = masks.keyPadding();
        if (mask != null) {
            checkMask(mask.shape(), sizes);
        }
        if (padding != null) {
            checkPadding(padding.shape(), sizes);
        }
        if (masks.isCausal() && mask != null) {
            checkCausal(mask, sizes);
        }
        if (mask == null && padding == null && !masks.isCausal()) {
            return new MergedMask(null, false, false, sizes);
        }
        boolean perHead = mask != null && mask.shape().length == 3;
        boolean perSequence = perHead || padding != null;
        int heads = perHead ? sizes.heads : 1;
        int planes = (perSequence ? sizes.batch : 1) * heads;
        int plane = Math.multiplyExact(sizes.queries, sizes.keys);
        float[] values = new float[Math.multiplyExact(planes, plane)];
        for (int i = 0; i < values.length; i++) {
            int query = i % plane / sizes.keys;
            int key = i % sizes.keys;
            float fromMask = mask != null ? mask.added(perHead ? i : i % plane)
                    : masks.isCausal() && key > query ? Float.NEGATIVE_INFINITY : 0;
            int sequence = i / plane / heads;
            values[i] = fromMask + (padding == null ? 0 : padding.added(sequence * sizes.keys + key));
        }
        return new MergedMask(values, perSequence, perHead, sizes);
    }

    private static void checkMask(int[] shape, Sizes sizes) {
        int[] expected = shape.length == 3
                ? new int[] {Math.multiplyExact(sizes.batch, sizes.heads), sizes.queries, sizes.keys}
                : new int[] {sizes.queries, sizes.keys};
        if (shape.length != 2 && shape.length != 3) {
            throw new IllegalArgumentException("attn_mask has shape " + Arrays.toString(shape)
                    + "; it must have 2 dimensions [L, S] or 3 [N * num_heads, L, S]");
        }
        if (!Arrays.equals(shape, expected)) {
            throw new IllegalArgumentException("the shape of the " + shape.length + "D attn_mask is "
                    + Arrays.toString(shape) + ", but should be " + Arrays.toString(expected));
        }
    }

    private static void checkPadding(int[] shape, Sizes sizes) {
        int[] expected = sizes.batched ? new int[] {sizes.batch, sizes.keys} : new int[] {sizes.keys};
        if (!Arrays.equals(shape, expected)) {
            throw new IllegalArgumentException("the shape of the key_padding_mask is " + Arrays.toString(shape)
                    + ", but should be " + Arrays.toString(expected) + " for "
                    + (sizes.batched ? "batched" : "unbatched") + " input");
        }
    }

    private static void checkCausal(Mask mask, Sizes sizes) {
        int plane = sizes.queries * sizes.keys;
        int planes = mask.shape().length == 3 ? mask.shape()[0] : 1;
        for (int i = 0; i < planes * plane; i++) {
            int query = i % plane / sizes.keys;
            int key = i % sizes.keys;
            float expected = key > query ? Float.NEGATIVE_INFINITY : 0;
            if (mask.added(i) != expected) {
                throw new IllegalArgumentException("is_causal says that attn_mask is causal, but it adds "
                        + mask.added(i) + " at query " + query + ", key " + key + " where a causal mask adds "
                        + expected + "; leave is_causal false for any other mask");
            }
        }
    }

    /// What is added to the score of this query and key.
    float added(int sequence, int head, int query, int key) {
        if (values == null) {
            return 0;
        }
        int plane = (perSequence ? sequence : 0) * (perHead ? sizes.heads : 1) + (perHead ? head : 0);
        return values[(plane * sizes.queries + query) * sizes.keys + key];
    }

    /// The same as the kernels want it, for as many keys as queries.
    AttentionBias bias() {
        if (values == null) {
            return AttentionBias.NONE;
        }
        return new AttentionBias.Dense(values, sizes.queries, perSequence, perHead, perHead ? sizes.heads : 1);
    }
}
