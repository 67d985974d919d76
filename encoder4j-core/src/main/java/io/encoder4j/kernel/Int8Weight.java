// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A weight in whole numbers, as [Int8] defines them, in the checkpoint's order.
///
/// @param in     input features
/// @param whole  `[out][in]`
/// @param scales `[out][groups]`
/// @param bias   `[out]`, or null
/// @param lost   what [Int8Rows#lost] says
/// @param kept   what [Int8Rows#kept] says
public record Int8Weight(int in, byte[][] whole, float[][] scales, float @Nullable [] bias, double lost, Optional<String> kept) {

    /// {@return the weight, quantised}
    ///
    /// @param weight `[out, in]`
    /// @param bias   `[out]`, or null
    public static Int8Weight of(Matrix weight, float @Nullable [] bias) {
        byte[][] whole = new byte[weight.rows()][];
        float[][] scales = new float[weight.rows()][];
        Int8Rows rows = new Int8Rows(weight);
        for (int out = 0; out < whole.length; out++) {
            rows.quantise(out);
            whole[out] = rows.whole().clone();
            scales[out] = rows.scales().clone();
        }
        return new Int8Weight(weight.cols(), whole, scales, bias == null ? null : bias.clone(), rows.lost(), rows.kept());
    }

    /// A row of `activation(x · weightᵀ + bias)`.
    void row(float[] x, ActivationFunction activation, Matrix out, int row) {
        float[] values = new float[x.length];
        float[] others = new float[Int8.groups(x.length)];
        Int8.row(x, values, others);
        for (int col = 0; col < whole.length; col++) {
            out.set(row, col, activation.apply(dot(values, others, col)));
        }
    }

    /// One value of `x · weightᵀ + bias`.
    ///
    /// @param row   a quantised row of x, from [Int8#row]
    /// @param other its scales
    /// @param out   the output feature
    private float dot(float[] row, float[] other, int out) {
        float sum = 0;
        for (int group = 0; group < other.length; group++) {
            int exact = 0;
            for (int i = group * Int8.GROUP; i < Math.min(row.length, (group + 1) * Int8.GROUP); i++) {
                exact += (int) row[i] * whole[out][i];
            }
            sum = Math.fma(exact * scales[out][group], other[group], sum);
        }
        return bias == null ? sum : sum + bias[out];
    }
}
