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

/// Float32 kernels in plain Java. They do the same operations in the same order as vectors of `lanes` floats, so they have the
/// bits of the vector kernels of that width.
///
/// They run where the Vector API is missing, and while it is not compiled: interpreted vector code makes an object of every
/// vector and is a thousand times slower than compiled code. These loops over arrays are compiled within milliseconds.
public final class PlainKernels implements Kernels {

    /// Rows computed together.
    static final int ROWS = 32;
    /// Output features of a panel of this packing. The compiler does best on long rows.
    private static final int WIDEST = 512;

    private final int lanes;

    /// Kernels that agree with vectors of the given width.
    ///
    /// @param lanes floats in the vectors to agree with, a power of two
    public PlainKernels(int lanes) {
        this.lanes = lanes;
    }

    /// A weight on the heap: a row of output features for each panel and input feature.
    ///
    /// @param panels `[panels][in][width]`
    /// @param bias   `[out]`, or null
    private record Rows(int out, int in, int width, float[][][] panels, float @Nullable [] bias)
            implements PackedWeight { }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public String precision() {
        return Precision.FLOAT32.toString();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        int out = weight.rows();
        int in = weight.cols();
        int count = Math.max(1, Workers.blocks(out, WIDEST));
        int width = Workers.blocks(out, count);
        float[][][] panels = new float[count][in][];
        for (int p = 0; p < count; p++) {
            int from = p * width;
            int columns = Math.min(width, out - from);
            float[][] rows = new float[columns][];
            Arrays.setAll(rows, o -> weight.row(from + o));
            for (int i = 0; i < in; i++) {
                panels[p][i] = column(rows, i);
            }
        }
        return new Rows(out, in, width, panels, bias == null ? null : bias.clone());
    }

    static float[] column(float[][] rows, int index) {
        float[] column = new float[rows.length];
        for (int o = 0; o < column.length; o++) {
            column[o] = rows[o][index];
        }
        return column;
    }

    /// Takes weights of its own packing, and the [Panels] of the vector kernels.
    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        int width = weight instanceof Panels p ? p.width() : ((Rows) weight).width;
        int panels = Workers.blocks(weight.out(), width);
        int rowBlocks = Workers.blocks(x.rows(), ROWS);
        workers.forEach(rowBlocks * panels, block -> {
            int from = block / panels * ROWS;
            int rows = Math.min(ROWS, x.rows() - from);
            int panel = block % panels;
            int columns = Math.min(width, weight.out() - panel * width);
            float[][] b = weight instanceof Panels p ? p.rows(panel, columns) : ((Rows) weight).panels[panel];
            float[] bias = weight instanceof Panels p ? p.bias() : ((Rows) weight).bias;
            float[][] c = new float[rows][columns];
            PlainGemm.multiply(rows, weight.in(), columns, rows(x, from, rows), b, c);
            for (int row = 0; row < rows; row++) {
                finish(c[row], bias, panel * width, activation);
                MemorySegment.copy(c[row], 0, out.data(), Matrix.ELEMENT,
                        out.rowBytes(from + row) + (long) panel * width * Float.BYTES, columns);
            }
        });
    }

    static float[][] rows(Matrix x, int from, int count) {
        float[][] rows = new float[count][];
        Arrays.setAll(rows, i -> x.row(from + i));
        return rows;
    }

    private static void finish(float[] c, float @Nullable [] bias, int column, ActivationFunction activation) {
        for (int i = 0; bias != null && i < c.length; i++) {
            c[i] += bias[column + i];
        }
        if (activation == StandardActivation.GELU) {
            // The most frequent one has its own loop, which the compiler can turn into vectors.
            for (int i = 0; i < c.length; i++) {
                c[i] = PlainMath.gelu(c[i]);
            }
        } else if (activation != StandardActivation.LINEAR) {
            for (int i = 0; i < c.length; i++) {
                c[i] = PlainMath.activate(activation, c[i]);
            }
        }
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
            putRow(add(a.row(row), b.row(row)), out, row);
        }
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        for (int row = 0; row < a.rows(); row++) {
            putRow(multiply(a.row(row), b.row(row)), out, row);
        }
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            putRow(multiply(x.row(row), factors), out, row);
        }
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            putRow(add(x.row(row), summands), out, row);
        }
    }

    private static float[] add(float[] y, float[] summands) {
        for (int col = 0; col < y.length; col++) {
            y[col] += summands[col];
        }
        return y;
    }

    private static float[] multiply(float[] y, float[] factors) {
        for (int col = 0; col < y.length; col++) {
            y[col] *= factors[col];
        }
        return y;
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            finish(values, null, 0, activation);
            putRow(values, out, row);
        }
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        float[] sums = new float[lanes];
        for (int row = 0; row < x.rows(); row++) {
            float[] y = x.row(row);
            normalise(y, mean(y, sums), sums, eps);
            if (weight != null) {
                multiply(y, weight);
            }
            if (bias != null) {
                add(y, bias);
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
            putRow(multiply(y, weight), out, row);
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
        float[] y = new float[x.cols()];
        for (int row = 0; row < x.rows(); row++) {
            MemorySegment.copy(x.data(), Matrix.ELEMENT, x.rowBytes(row), y, 0, y.length);
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
