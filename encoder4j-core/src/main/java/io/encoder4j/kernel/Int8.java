// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

/// How numbers become 8 bits, and what a product of them is. The inner dimension is divided into groups of [#GROUP] values. Each
/// group of each row has a scale of its own: a large value makes only its 63 neighbours coarser.
///
/// - A **weight** is `scale · w` with a whole `w` of -127 to 127. The scale is the largest absolute value / 127.
/// - The other operand is quantised when it is needed, token by token: `scale · (u - zero)` with whole `u` and `zero` of 0 to 255.
///   The range of a group includes 0. Values on one side of 0, as behind GELU, so get a bit more.
///
/// The sum of `(u - zero) · w` over a group is a whole number below 2²⁴, and so exact, however it is computed. Then, group by group,
/// `sum = fma((float) whole · weight scale, other scale, sum)`. Bias and activation follow. That order is fixed, so all kernels
/// have the same bits before the activation.
public final class Int8 {

    /// Input features that share a scale.
    public static final int GROUP = 64;
    /// The largest absolute weight.
    public static final int MOST = 127;
    /// The largest `u`.
    public static final int LEVELS = 255;
    /// A range below it counts as it. So there is no division by zero.
    public static final float SMALLEST = 1e-30f;
    /// What the scale of the other operand is multiplied by.
    public static final float STEP = 1f / LEVELS;

    private Int8() { }

    /// {@return groups of that many input features; the last may be shorter}
    ///
    /// @param in input features
    public static int groups(int in) {
        return Workers.blocks(in, GROUP);
    }

    /// Quantises one row of a weight.
    ///
    /// @param row    `[in]`
    /// @param to     receives the whole numbers `[in]`
    /// @param scales receives the scales `[groups]`
    public static void weight(float[] row, byte[] to, float[] scales) {
        for (int group = 0; group < scales.length; group++) {
            int end = Math.min(row.length, (group + 1) * GROUP);
            float most = SMALLEST;
            for (int i = group * GROUP; i < end; i++) {
                most = Math.max(most, Math.abs(row[i]));
            }
            float factor = MOST / most;
            scales[group] = most / MOST;
            for (int i = group * GROUP; i < end; i++) {
                to[i] = (byte) Math.rint(row[i] * factor);
            }
        }
    }

    /// Quantises one row of the other operand. The scale of a group with a value that is not finite is NaN, so that the result is no
    /// number either.
    ///
    /// @param row    `[in]`
    /// @param to     receives `u - zero` for each value: `[in]`
    /// @param scales receives the scales `[groups]`
    public static void row(float[] row, float[] to, float[] scales) {
        for (int group = 0; group < scales.length; group++) {
            int from = group * GROUP;
            int end = Math.min(row.length, from + GROUP);
            float low = 0;
            float high = 0;
            float poison = 0;
            for (int i = from; i < end; i++) {
                low = row[i] < low ? row[i] : low;
                high = row[i] > high ? row[i] : high;
                poison = Math.fma(row[i], 0f, poison);
            }
            float range = Math.max(high - low, SMALLEST);
            float factor = LEVELS / range;
            scales[group] = range * STEP + poison;
            float zero = (float) -Math.rint(low * factor);
            for (int i = from; i < end; i++) {
                to[i] = Math.min((float) Math.rint(row[i] * factor) + zero, LEVELS) - zero;
            }
        }
    }
}
