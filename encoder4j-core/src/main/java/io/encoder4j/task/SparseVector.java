// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Weights of the few tokens of a vocabulary that matter to a text; all others are 0.
///
/// @param ids     token ids, increasing
/// @param weights of each, positive
public record SparseVector(int[] ids, float[] weights) {

    /// The positive values of a vector over the vocabulary.
    ///
    /// @param values one for each token of the vocabulary
    /// @return the vector
    public static SparseVector of(float[] values) {
        int[] ids = IntStream.range(0, values.length).filter(i -> values[i] > 0).toArray();
        float[] weights = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            weights[i] = values[ids[i]];
        }
        return new SparseVector(ids, weights);
    }

    /// The `count` largest weights.
    ///
    /// @param count weights at most
    /// @return a vector of them; this one if it has no more
    public SparseVector largest(int count) {
        if (count >= ids.length) {
            return this;
        }
        int[] kept = IntStream.range(0, ids.length).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> weights[i]).reversed())
                .limit(count).mapToInt(i -> i).sorted().toArray();
        float[] keptWeights = new float[kept.length];
        for (int i = 0; i < kept.length; i++) {
            keptWeights[i] = weights[kept[i]];
        }
        return new SparseVector(Arrays.stream(kept).map(i -> ids[i]).toArray(), keptWeights);
    }

    /// The sum of products of the tokens both have: how well two texts match.
    ///
    /// @param other a vector over the same vocabulary
    /// @return the sum
    public double dot(SparseVector other) {
        double sum = 0;
        for (int i = 0, j = 0; i < ids.length && j < other.ids.length;) {
            int order = Integer.compare(ids[i], other.ids[j]);
            if (order == 0) {
                sum += (double) weights[i] * other.weights[j];
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseVector v && Arrays.equals(ids, v.ids) && Arrays.equals(weights, v.weights);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
        return "SparseVector[" + ids.length + " tokens]";
    }
}
