// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.model;

import io.encoder4j.nn.Embedding;
import io.encoder4j.tensor.AttentionBias;

/// T5's relative positions (Raffel et al. 2019, section 2.1): a learned value for each head and bucket of distances. Near
/// distances have a bucket each, farther ones share buckets that grow exponentially, and all from `maxDistance` on share the
/// last. Keys before and after the query have half of the buckets each.
final class RelativeBuckets {

    private RelativeBuckets() { }

    /// The bias whose values are looked up in a table of `[buckets, heads]`, named as the table's module.
    static AttentionBias bias(Embedding table, int heads, int maxDistance) {
        int buckets = table.size();
        float[] values = new float[heads * (2 * maxDistance + 1)];
        // A table that was missing in the checkpoint is empty; the loading will end with that.
        for (int i = 0; buckets > 0 && i < values.length; i++) {
            int distance = i % (2 * maxDistance + 1) - maxDistance;
            values[i] = table.table().get(bucket(distance, buckets, maxDistance), i / (2 * maxDistance + 1));
        }
        return new AttentionBias.ByDistance(table.name(), values, heads);
    }

    /// The bucket of a distance `key - query`, in float32 as the reference computes it: a logarithm that comes out whole must
    /// not end up below.
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
