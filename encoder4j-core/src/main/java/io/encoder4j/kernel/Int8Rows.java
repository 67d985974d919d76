// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;

/// Quantises a weight row by row, as [Int8] defines it, in memory that is used again for the next row. When all rows are done, it
/// knows how much was lost.
public final class Int8Rows {

    /// A layer that loses more keeps its weights in float32. Weights spread like a normal distribution lose 0.006.
    private static final double MOST_LOST = 0.012;
    /// A layer of fewer outputs stays in float32: it takes no time, and is the last before what a caller sees.
    private static final int FEWEST_OUTPUTS = 16;

    private final Matrix weight;
    private final float[] row;
    private final byte[] whole;
    private final float[] scales;
    private double lost;
    private double all;

    /// Nothing is quantised yet.
    ///
    /// @param weight `[out, in]`
    public Int8Rows(Matrix weight) {
        this.weight = weight;
        row = new float[weight.cols()];
        whole = new byte[weight.cols()];
        scales = new float[Int8.groups(weight.cols())];
    }

    /// {@return `[out, in]`}
    public Matrix weight() {
        return weight;
    }

    /// Quantises a row. [#whole] and [#scales] are its values until the next one.
    ///
    /// @param out the output feature; each once
    public void quantise(int out) {
        MemorySegment.copy(weight.data(), Matrix.ELEMENT, weight.rowBytes(out), row, 0, row.length);
        Int8.weight(row, whole, scales);
        for (int group = 0; group < scales.length; group++) {
            double scale = scales[group];
            for (int i = group * Int8.GROUP; i < Math.min(row.length, (group + 1) * Int8.GROUP); i++) {
                double distance = row[i] - whole[i] * scale;
                lost += distance * distance;
                all += (double) row[i] * row[i];
            }
        }
    }

    /// {@return the row's whole numbers `[in]`}
    public byte[] whole() {
        return whole;
    }

    /// {@return the row's scales `[groups]`}
    public float[] scales() {
        return scales;
    }

    /// {@return how much quantising changed: the length of the difference (root of the sum of squares), divided by the weight's}
    public double lost() {
        return all == 0 ? 0 : Math.sqrt(lost / all);
    }

    /// {@return why the layer is better kept in float32; empty if it is not} It is found out from the weights alone, so that the same
    /// layers are kept everywhere.
    public Optional<String> kept() {
        return weight.rows() < FEWEST_OUTPUTS ? Optional.of("it has only " + weight.rows() + " outputs")
                : lost() <= MOST_LOST ? Optional.empty() : Optional.of(String.format(Locale.ROOT,
                        "in int8 it would lose %.2f %% of its weights, more than %.2f %%", 100 * lost(), 100 * MOST_LOST));
    }
}
