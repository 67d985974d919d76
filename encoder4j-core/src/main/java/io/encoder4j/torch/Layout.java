// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.torch;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;

/// How tokens lie in a tensor, and the way from there to rows grouped by sequence and back.
///
/// @param count      number of sequences N; 1 if unbatched
/// @param length     tokens of each sequence S
/// @param batched    whether there is a batch dimension: `[N, S, E]` or `[S, N, E]`, else `[S, E]`
/// @param batchFirst whether the batch dimension comes first
record Layout(int count, int length, boolean batched, boolean batchFirst) {

    /// The layout of `x`.
    ///
    /// @param where    names the argument in messages
    /// @param features what the last dimension must be
    /// @throws IllegalArgumentException if `x` has not 2 or 3 dimensions or other features
    static Layout of(String where, Tensor x, boolean batchFirst, int features) {
        if (x.rank() != 2 && x.rank() != 3) {
            throw new IllegalArgumentException(where + " should be unbatched with 2 dimensions or batched with 3, got "
                    + Arrays.toString(x.shape()));
        }
        if (x.size(-1) != features) {
            throw new IllegalArgumentException(where + ": was expecting " + features + " features, but got "
                    + x.size(-1) + " in shape " + Arrays.toString(x.shape()));
        }
        if (x.rank() == 2) {
            return new Layout(1, x.size(0), false, batchFirst);
        }
        return new Layout(x.size(batchFirst ? 0 : 1), x.size(batchFirst ? 1 : 0), true, batchFirst);
    }

    Sequences sequences() {
        return Sequences.equal(count, length);
    }

    /// A copy of the tensor as rows, one sequence after the other: `[N · S, E]`.
    Matrix toRows(Tensor x) {
        int features = x.size(-1);
        return Matrix.of(count * length, features, batched && !batchFirst
                ? swap(x.values(), length, count, features) : x.values());
    }

    /// The rows in this layout.
    Tensor toTensor(Matrix rows) {
        int features = rows.cols();
        if (!batched) {
            return Tensor.of(rows.toArray(), length, features);
        }
        return batchFirst ? Tensor.of(rows.toArray(), count, length, features)
                : Tensor.of(swap(rows.toArray(), count, length, features), length, count, features);
    }

    // [outer, inner, features] to [inner, outer, features].
    private static float[] swap(float[] values, int outer, int inner, int features) {
        float[] swapped = new float[values.length];
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                System.arraycopy(values, (o * inner + i) * features, swapped, (i * outer + o) * features, features);
            }
        }
        return swapped;
    }
}
