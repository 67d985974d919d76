// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Embedding;
import io.encoder4j.nn.Pass;
import io.encoder4j.tensor.AttentionBias;

/// T5's relative positions (Raffel et al. 2019, section 2.1): a learned value for each head and bucket of distances. Near
/// distances have a bucket each, farther ones share buckets that grow exponentially, and all from `maxDistance` on share the
/// last. Keys before and after the query have half of the buckets each.
///
/// @param table   `[buckets, heads]`
/// @param buckets the bucket of each distance `key - query` from `-maxDistance` to `maxDistance`
record RelativeBuckets(Embedding table, int[] buckets) {

    static RelativeBuckets of(Embedding table, int maxDistance) {
        int[] buckets = new int[2 * maxDistance + 1];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = bucket(i - maxDistance, table.size(), maxDistance);
        }
        return new RelativeBuckets(table, buckets);
    }

    AttentionBias bias(Pass pass) {
        return pass.distanceBias(table, buckets);
    }

    /// The bucket of a distance `key - query`, computed in float32 like the reference: a logarithm that is a whole number must
    /// not be rounded down.
    static int bucket(int distance, int buckets, int maxDistance) {
        int side = buckets / 2;
        int first = distance > 0 ? side : 0;
        int exact = side / 2;
        int n = Math.abs(distance);
        if (n < exact) {
            return first + n;
        }
        float log = (float) Math.log((float) n / exact) / (float) Math.log((double) maxDistance / exact);
        return first + Math.min(side - 1, exact + (int) (log * (side - exact)));
    }
}
