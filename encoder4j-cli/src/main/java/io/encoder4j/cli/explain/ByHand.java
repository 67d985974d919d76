// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The encoder's arithmetic in plain loops and double precision: slow, and nothing is hidden. Rows are tokens.
final class ByHand {

    private ByHand() { }

    /// The rows of a tensor whose last dimension are the columns.
    static double[][] rows(Tensor tensor) {
        int cols = tensor.size(-1);
        double[][] rows = new double[tensor.values().length / cols][cols];
        for (int i = 0; i < tensor.values().length; i++) {
            rows[i / cols][i % cols] = tensor.values()[i];
        }
        return rows;
    }

    /// `x · weightᵀ + bias`, as in torch: a row of the weight makes a column of the result.
    static double[][] linear(double[][] x, Tensor weight, @Nullable Tensor bias) {
        int in = weight.size(1);
        int out = weight.size(0);
        double[][] y = new double[x.length][out];
        for (int row = 0; row < x.length; row++) {
            for (int o = 0; o < out; o++) {
                double sum = bias == null ? 0 : bias.values()[o];
                for (int i = 0; i < in; i++) {
                    sum += x[row][i] * weight.values()[o * in + i];
                }
                y[row][o] = sum;
            }
        }
        return y;
    }

    /// Columns `from` to `to`: one head of Q, K or V.
    static double[][] columns(double[][] x, int from, int to) {
        return Arrays.stream(x).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new);
    }

    /// `q · kᵀ / √d`: how well each token's query fits each token's key.
    static double[][] scores(double[][] q, double[][] k) {
        double root = Math.sqrt(q[0].length);
        double[][] scores = new double[q.length][k.length];
        for (int i = 0; i < q.length; i++) {
            for (int j = 0; j < k.length; j++) {
                double dot = 0;
                for (int f = 0; f < q[i].length; f++) {
                    dot += q[i][f] * k[j][f];
                }
                scores[i][j] = dot / root;
            }
        }
        return scores;
    }

    /// `eˣ / Σ eˣ` in each row.
    static double[][] softmax(double[][] scores) {
        return Arrays.stream(scores).map(row -> {
            // Taking the largest away changes nothing but keeps the powers finite.
            double max = Arrays.stream(row).max().orElseThrow();
            double sum = Arrays.stream(row).map(s -> Math.exp(s - max)).sum();
            return Arrays.stream(row).map(s -> Math.exp(s - max) / sum).toArray();
        }).toArray(double[][]::new);
    }

    /// `probs · v`: for each token the values of all, weighted.
    static double[][] weighted(double[][] probs, double[][] v) {
        double[][] context = new double[probs.length][v[0].length];
        for (int i = 0; i < probs.length; i++) {
            for (int j = 0; j < v.length; j++) {
                for (int f = 0; f < v[j].length; f++) {
                    context[i][f] += probs[i][j] * v[j][f];
                }
            }
        }
        return context;
    }

    /// Heads side by side.
    static double[][] concat(double[][] left, double[][] right) {
        double[][] both = new double[left.length][];
        for (int row = 0; row < left.length; row++) {
            both[row] = Arrays.copyOf(left[row], left[row].length + right[row].length);
            System.arraycopy(right[row], 0, both[row], left[row].length, right[row].length);
        }
        return both;
    }

    static double[][] add(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a[0].length];
        for (int row = 0; row < a.length; row++) {
            for (int col = 0; col < a[row].length; col++) {
                sum[row][col] = a[row][col] + b[row][col];
            }
        }
        return sum;
    }

    static double mean(double[] row) {
        return Arrays.stream(row).average().orElseThrow();
    }

    /// The biased variance: the mean of the squared distances from the mean.
    static double variance(double[] row) {
        double mean = mean(row);
        return Arrays.stream(row).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    }

    /// `(x - mean) / √(variance + eps)`, before weight and bias.
    static double[][] standardise(double[][] x, double eps) {
        return Arrays.stream(x).map(row -> {
            double mean = mean(row);
            double deviation = Math.sqrt(variance(row) + eps);
            return Arrays.stream(row).map(value -> (value - mean) / deviation).toArray();
        }).toArray(double[][]::new);
    }

    /// `(x - mean) / √(variance + eps) · weight + bias` in each row.
    static double[][] layerNorm(double[][] x, Tensor weight, Tensor bias, double eps) {
        double[][] y = standardise(x, eps);
        for (double[] row : y) {
            for (int col = 0; col < row.length; col++) {
                row[col] = row[col] * weight.values()[col] + bias.values()[col];
            }
        }
        return y;
    }

    static double[][] relu(double[][] x) {
        return Arrays.stream(x).map(row -> Arrays.stream(row).map(v -> Math.max(v, 0)).toArray())
                .toArray(double[][]::new);
    }

    /// The largest absolute difference; infinite if the shapes differ or something is not a number.
    static double difference(double[][] a, double[][] b) {
        if (a.length != b.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        for (int row = 0; row < a.length; row++) {
            for (int col = 0; col < Math.max(a[row].length, b[row].length); col++) {
                double d = a[row].length == b[row].length ? Math.abs(a[row][col] - b[row][col]) : Double.NaN;
                worst = Math.max(worst, Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
            }
        }
        return worst;
    }
}
