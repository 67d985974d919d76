// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Float32 kernels in plain Java: every element by the operations, in the order, that vectors of `lanes` floats would use,
/// so with the same bits as the vector kernels of that width.
///
/// They are what runs where the Vector API is missing, and while it is cold: interpreted vector code makes objects of every
/// vector and is a thousand times slower than compiled, whereas these loops over arrays are compiled within milliseconds.
public final class PlainKernels implements Kernels {

    /// Rows computed together: the copy of a panel to the heap is shared by them.
    private static final int ROWS = 32;
    /// Sums held in registers at once.
    static final int SUMS = 8;

    private final int lanes;
    private final int panel;

    /// @param lanes        floats in the vectors to agree with
    /// @param panelVectors vectors in a panel of packed weights; the panel must be a multiple of 8 wide
    public PlainKernels(int lanes, int panelVectors) {
        this.lanes = lanes;
        panel = lanes * panelVectors;
        if (panel % SUMS != 0) {
            throw new IllegalArgumentException("a panel of " + panel + " is not a multiple of " + SUMS);
        }
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        return Panels.pack(arena, weight, bias, panel);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        Panels w = (Panels) weight;
        int rowBlocks = Workers.blocks(x.rows(), ROWS);
        workers.forEach(rowBlocks * w.count(), block -> {
            int from = block / w.count() * ROWS;
            int rows = Math.min(ROWS, x.rows() - from);
            panel(x.rows(from, from + rows), w, block % w.count(), activation, out.rows(from, from + rows));
        });
    }

    private void panel(Matrix x, Panels w, int index, ActivationFunction activation, Matrix out) {
        float[] b = new float[w.in() * panel];
        MemorySegment.copy(w.data(), Matrix.ELEMENT, w.start(index), b, 0, b.length);
        float[] c = new float[x.rows() * panel];
        multiply(x.rows(), w.in(), panel, x.toArray(), b, c);
        int column = index * panel;
        int width = Math.min(panel, w.out() - column);
        for (int row = 0; row < x.rows(); row++) {
            finish(c, row * panel, width, w.bias(), column, activation);
            MemorySegment.copy(c, row * panel, out.data(), Matrix.ELEMENT,
                    out.rowBytes(row) + (long) column * Float.BYTES, width);
        }
    }

    private static void finish(float[] c, int at, int width, float @Nullable [] bias, int column,
            ActivationFunction activation) {
        for (int i = 0; bias != null && i < width; i++) {
            c[at + i] += bias[column + i];
        }
        for (int i = 0; activation != StandardActivation.LINEAR && i < width; i++) {
            c[at + i] = PlainMath.activate(activation, c[at + i]);
        }
    }

    /// `c = a · b`: `[rows, inner] · [inner, width]`, each element one chain of fused multiply-adds in the order of the
    /// inner dimension.
    ///
    /// @param width a multiple of 8
    static void multiply(int rows, int inner, int width, float[] a, float[] b, float[] c) {
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < width; col += SUMS) {
                dots(a, row * inner, inner, b, col, width, c, row * width + col);
            }
        }
    }

    private static void dots(float[] a, int aAt, int inner, float[] b, int bAt, int width, float[] c, int cAt) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        for (int k = 0; k < inner; k++, bAt += width) {
            float x = a[aAt + k];
            s0 = Math.fma(x, b[bAt], s0);
            s1 = Math.fma(x, b[bAt + 1], s1);
            s2 = Math.fma(x, b[bAt + 2], s2);
            s3 = Math.fma(x, b[bAt + 3], s3);
            s4 = Math.fma(x, b[bAt + 4], s4);
            s5 = Math.fma(x, b[bAt + 5], s5);
            s6 = Math.fma(x, b[bAt + 6], s6);
            s7 = Math.fma(x, b[bAt + 7], s7);
        }
        c[cAt] = s0;
        c[cAt + 1] = s1;
        c[cAt + 2] = s2;
        c[cAt + 3] = s3;
        c[cAt + 4] = s4;
        c[cAt + 5] = s5;
        c[cAt + 6] = s6;
        c[cAt + 7] = s7;
    }

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        for (int row = 0; row < rows.length; row++) {
            long bytes = (long) table.cols() * Float.BYTES;
            if (rows[row] < 0) {
                out.data().asSlice(out.rowBytes(row), bytes).fill((byte) 0);
            } else {
                MemorySegment.copy(table.data(), table.rowBytes(rows[row]), out.data(), out.rowBytes(row), bytes);
            }
        }
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        for (int row = 0; row < a.rows(); row++) {
            float[] sum = a.row(row);
            float[] other = b.row(row);
            for (int col = 0; col < sum.length; col++) {
                sum[col] += other[col];
            }
            putRow(sum, out, row);
        }
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        for (int row = 0; row < a.rows(); row++) {
            float[] product = a.row(row);
            float[] other = b.row(row);
            for (int col = 0; col < product.length; col++) {
                product[col] *= other[col];
            }
            putRow(product, out, row);
        }
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            finish(values, 0, values.length, null, 0, activation);
            putRow(values, out, row);
        }
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        float[] sums = new float[lanes];
        for (int row = 0; row < x.rows(); row++) {
            float[] y = x.row(row);
            normalise(y, mean(y, sums), sums, eps);
            for (int col = 0; weight != null && col < y.length; col++) {
                y[col] *= weight[col];
            }
            for (int col = 0; bias != null && col < y.length; col++) {
                y[col] += bias[col];
            }
            putRow(y, out, row);
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        float[] sums = new float[lanes];
        for (int row = 0; row < x.rows(); row++) {
            float[] y = x.row(row);
            normalise(y, 0, sums, eps);
            for (int col = 0; col < y.length; col++) {
                y[col] *= weight[col];
            }
            putRow(y, out, row);
        }
    }

    private static float mean(float[] y, float[] sums) {
        int mask = sums.length - 1;
        Arrays.fill(sums, 0);
        for (int col = 0; col < y.length; col++) {
            sums[col & mask] += y[col];
        }
        return PlainMath.sum(sums) / y.length;
    }

    private static void normalise(float[] y, float mean, float[] sums, float eps) {
        int mask = sums.length - 1;
        Arrays.fill(sums, 0);
        for (int col = 0; col < y.length; col++) {
            float distance = y[col] - mean;
            sums[col & mask] = Math.fma(distance, distance, sums[col & mask]);
        }
        float variance = PlainMath.sum(sums) / y.length;
        float factor = (float) (1 / Math.sqrt(variance + (double) eps));
        for (int col = 0; col < y.length; col++) {
            y[col] = (y[col] - mean) * factor;
        }
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        int pairs = rotation.pairs();
        for (int row = 0; row < x.rows(); row++) {
            float[] y = x.row(row);
            int at = rotation.rows()[row] * pairs;
            for (int left = 0; left < y.length; left += headSize) {
                if (rotation.interleaved()) {
                    turn(y, left, 1, 2, rotation, at);
                } else {
                    turn(y, left, pairs, 1, rotation, at);
                }
            }
            putRow(y, out, row);
        }
    }

    private static void turn(float[] y, int left, int apart, int step, Rotation rotation, int at) {
        float[] cos = rotation.cos();
        float[] sin = rotation.sin();
        for (int i = 0, one = left; i < rotation.pairs(); i++, one += step) {
            float a = y[one];
            float b = y[one + apart];
            y[one] = a * cos[at + i] - b * sin[at + i];
            y[one + apart] = b * cos[at + i] + a * sin[at + i];
        }
    }

    private static void putRow(float[] values, Matrix out, int row) {
        MemorySegment.copy(values, 0, out.data(), Matrix.ELEMENT, out.rowBytes(row), values.length);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences,
            AttentionBias bias, Matrix out, Workers workers) {
        new PlainAttention(lanes).attend(q, k, v, heads, scale, sequences, bias, out, workers);
    }
}
