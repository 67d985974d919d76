// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The truth: a BERT's forward pass in which nothing is ever rounded to float32. Every matrix has a shadow of doubles, found
/// by the address of its memory, that the next operation reads in its place; the float32 that is written beside it is its
/// rounding, for who reads results. Operations that a BERT does not need are refused.
final class Float64Kernels implements Kernels {

    private record Weight(int out, int in, double[][] columns, double[] bias) implements PackedWeight { }

    private final Map<Long, double[]> shadows = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "truth";
    }

    @Override
    public String precision() {
        return "float64";
    }

    private double[] shadow(Matrix x) {
        int size = (int) (x.data().byteSize() / Float.BYTES);
        return shadows.compute(x.data().address(), (_, old) -> old != null && old.length == size ? old : new double[size]);
    }

    private static int index(Matrix x, int row) {
        return (int) (x.rowBytes(row) / Float.BYTES);
    }

    private double[][] read(Matrix x) {
        double[] shadow = shadows.get(x.data().address());
        double[][] rows = new double[x.rows()][x.cols()];
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                rows[row][col] = shadow == null ? x.get(row, col) : shadow[index(x, row) + col];
            }
        }
        return rows;
    }

    private void write(double[][] rows, Matrix out) {
        double[] shadow = shadow(out);
        for (int row = 0; row < out.rows(); row++) {
            System.arraycopy(rows[row], 0, shadow, index(out, row), out.cols());
            for (int col = 0; col < out.cols(); col++) {
                out.set(row, col, (float) rows[row][col]);
            }
        }
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        double[][] columns = new double[weight.cols()][weight.rows()];
        double[] doubles = new double[weight.rows()];
        for (int row = 0; row < weight.rows(); row++) {
            doubles[row] = bias == null ? 0 : bias[row];
            for (int col = 0; col < weight.cols(); col++) {
                columns[col][row] = weight.get(row, col);
            }
        }
        return new Weight(weight.rows(), weight.cols(), columns, doubles);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        Weight w = (Weight) weight;
        double[][] rows = read(x);
        double[][] results = new double[x.rows()][];
        workers.forEach(x.rows(), row -> {
            double[] sum = w.bias.clone();
            for (int i = 0; i < w.in; i++) {
                addMultiple(sum, rows[row][i], w.columns[i]);
            }
            for (int o = 0; activation == StandardActivation.GELU && o < sum.length; o++) {
                sum[o] = sum[o] * erfc(-sum[o] / Math.sqrt(2)) / 2;
            }
            results[row] = sum;
        });
        if (activation != StandardActivation.GELU && activation != StandardActivation.LINEAR) {
            throw new UnsupportedOperationException("activation " + activation);
        }
        write(results, out);
    }

    private static void addMultiple(double[] sum, double factor, double[] values) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }

    /// By the series of erf below 3, by the continued fraction of erfc above: both within 1e-13.
    static double erfc(double x) {
        if (x < 0) {
            return 2 - erfc(-x);
        }
        if (x < 3) {
            double term = x;
            double sum = x;
            for (int n = 1; term > sum * 1e-17; n++) {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
        }
        double fraction = x;
        for (int n = 60; n > 0; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        double[] shadow = shadows.get(table.data().address());
        double[][] results = new double[rows.length][table.cols()];
        for (int row = 0; row < rows.length; row++) {
            for (int col = 0; col < table.cols(); col++) {
                results[row][col] = shadow == null ? table.get(rows[row], col) : shadow[index(table, rows[row]) + col];
            }
        }
        write(results, out);
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        double[][] sum = read(a);
        double[][] other = read(b);
        for (int row = 0; row < sum.length; row++) {
            addMultiple(sum[row], 1, other[row]);
        }
        write(sum, out);
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        double[][] rows = read(x);
        for (double[] row : rows) {
            double mean = 0;
            double variance = 0;
            for (double value : row) {
                mean += value / row.length;
            }
            for (double value : row) {
                variance += (value - mean) * (value - mean) / row.length;
            }
            for (int i = 0; i < row.length; i++) {
                row[i] = (row[i] - mean) / Math.sqrt(variance + eps) * (weight == null ? 1 : weight[i])
                        + (bias == null ? 0 : bias[i]);
            }
        }
        write(rows, out);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences, AttentionBias bias,
            Matrix out, Workers workers) {
        if (!(bias instanceof AttentionBias.None) || q.cols() != k.cols()) {
            throw new UnsupportedOperationException("attention with " + bias);
        }
        double[][] queries = read(q);
        double[][] keys = read(k);
        double[][] values = read(v);
        double[][] results = new double[q.rows()][q.cols()];
        int size = q.cols() / heads;
        workers.forEach(sequences.count() * heads, task -> {
            int from = sequences.start(task / heads);
            int to = from + sequences.length(task / heads);
            int left = task % heads * size;
            for (int query = from; query < to; query++) {
                head(queries[query], keys, values, from, to, left, size, 1 / Math.sqrt(size), results[query]);
            }
        });
        write(results, out);
    }

    private static void head(double[] q, double[][] keys, double[][] values, int from, int to, int left, int size,
            double scale, double[] out) {
        double[] probs = new double[to - from];
        double max = Double.NEGATIVE_INFINITY;
        for (int key = from; key < to; key++) {
            for (int i = left; i < left + size; i++) {
                probs[key - from] += scale * q[i] * keys[key][i];
            }
            max = Math.max(max, probs[key - from]);
        }
        double sum = 0;
        for (int key = 0; key < probs.length; key++) {
            probs[key] = Math.exp(probs[key] - max);
            sum += probs[key];
        }
        for (int key = from; key < to; key++) {
            for (int i = left; i < left + size; i++) {
                out[i] += probs[key - from] / sum * values[key][i];
            }
        }
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        throw new UnsupportedOperationException("multiply");
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        throw new UnsupportedOperationException("scale");
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        throw new UnsupportedOperationException("shift");
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        throw new UnsupportedOperationException("activation");
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        throw new UnsupportedOperationException("rmsNorm");
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        throw new UnsupportedOperationException("rotate");
    }
}
