// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.proof;

import io.encoder4j.explain.data.ExplainedStep.Check;
import io.encoder4j.explain.data.Proofs.Agreement;
import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// The tutorial's arithmetic on whole matrices, in plain loops and double precision. Rows are tokens.
final class Plain {

    /// Largest absolute difference allowed anywhere.
    private static final double TOLERANCE = 1e-5;

    private Plain() { }

    /// The rows of a tensor whose last dimension are the columns.
    static double[][] rows(Tensor tensor) {
        int cols = tensor.size(-1);
        double[][] rows = new double[tensor.values().length / cols][cols];
        for (int i = 0; i < tensor.values().length; i++) {
            rows[i / cols][i % cols] = tensor.values()[i];
        }
        return rows;
    }

    /// Rows as a tensor, rounded.
    static Tensor tensor(double[][] rows) {
        Tensor tensor = Tensor.zeros(rows.length, rows[0].length);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) rows[i / rows[0].length][i % rows[0].length];
        }
        return tensor;
    }

    /// `x · weightᵀ + bias`, as in torch: a row of the weight makes a column of the result.
    static double[][] linear(double[][] x, Tensor weight, Tensor bias) {
        int in = weight.size(1);
        double[][] y = new double[x.length][weight.size(0)];
        for (int row = 0; row < x.length; row++) {
            for (int o = 0; o < y[row].length; o++) {
                double sum = bias.values()[o];
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

    static double[][] relu(double[][] x) {
        return Arrays.stream(x).map(row -> Arrays.stream(row).map(v -> Math.max(v, 0)).toArray()).toArray(double[][]::new);
    }

    /// `(x - mean) / √(variance + eps) · weight + bias` in each row.
    static double[][] layerNorm(double[][] x, Tensor weight, Tensor bias, double eps) {
        return Arrays.stream(x).map(row -> {
            double mean = Arrays.stream(row).average().orElseThrow();
            double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            double[] y = new double[row.length];
            for (int col = 0; col < row.length; col++) {
                y[col] = (row[col] - mean) / Math.sqrt(variance + eps) * weight.values()[col] + bias.values()[col];
            }
            return y;
        }).toArray(double[][]::new);
    }

    /// The largest difference of two tensors; infinite if the sizes differ or something is not a number.
    static Check check(Tensor a, Tensor b) {
        double largest = a.values().length == b.values().length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < a.values().length && largest < Double.POSITIVE_INFINITY; i++) {
            double difference = Math.abs((double) a.values()[i] - b.values()[i]);
            largest = difference >= 0 ? Math.max(largest, difference) : Double.POSITIVE_INFINITY;
        }
        return new Check(largest, TOLERANCE, a.values().length);
    }

    static List<Agreement> agreements(Tensor byHand, Tensor ours, Tensor torch) {
        return List.of(new Agreement("by hand and our layer", check(byHand, ours)), new Agreement("by hand and torch",
                check(byHand, torch)), new Agreement("our layer and torch", check(ours, torch)));
    }
}
