// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The definition of each operation, in plain loops. Sums are computed in double precision and rounded once. Slow, but right.
public final class ScalarKernels implements Kernels {

    /// Rows that a thread computes at a time.
    private static final int ROWS = 16;

    private final Precision precision;

    /// Kernels whose inputs and outputs are float32, and whose sums are double.
    public ScalarKernels() {
        this(Precision.FLOAT32);
    }

    /// Kernels of the given precision.
    ///
    /// @param precision of linear products: see [Bfloat16] and [Int8]
    public ScalarKernels(Precision precision) {
        this.precision = precision == Precision.AUTO ? Precision.FLOAT32 : precision;
    }

    /// A weight in the checkpoint's layout.
    ///
    /// @param int8 the same in whole numbers, or null if they are not used
    private record Plain(Matrix weight, float @Nullable [] bias, @Nullable Int8Weight int8) implements PackedWeight {
        @Override
        public int out() {
            return weight.rows();
        }

        @Override
        public int in() {
            return weight.cols();
        }
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String precision() {
        return precision.toString();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        Matrix copy = Matrix.allocate(arena, weight.rows(), weight.cols());
        copy.copyFrom(weight);
        Int8Weight int8 = precision == Precision.INT8 ? Int8Weight.of(weight, bias) : null;
        return new Plain(copy, bias == null ? null : bias.clone(), int8 != null && int8.kept().isEmpty() ? int8 : null);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        Plain plain = (Plain) weight;
        workers.forEach(Workers.blocks(x.rows(), ROWS), block -> {
            int end = Math.min(x.rows(), (block + 1) * ROWS);
            for (int row = block * ROWS; row < end; row++) {
                linearRow(x, row, plain, activation, out);
            }
        });
    }

    private void linearRow(Matrix x, int row, Plain plain, ActivationFunction activation, Matrix out) {
        if (plain.int8 != null) {
            plain.int8.row(x.row(row), activation, out, row);
            return;
        }
        for (int col = 0; col < plain.out(); col++) {
            double sum = 0;
            for (int i = 0; i < plain.in(); i++) {
                sum += (double) operand(x.get(row, i)) * operand(plain.weight.get(col, i));
            }
            float[] bias = plain.bias;
            out.set(row, col, activation.apply((float) (bias == null ? sum : sum + bias[col])));
        }
    }

    private float operand(float value) {
        return precision == Precision.BFLOAT16 ? Bfloat16.round(value) : value;
    }

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        for (int row = 0; row < rows.length; row++) {
            for (int col = 0; col < table.cols(); col++) {
                out.set(row, col, rows[row] < 0 ? 0 : table.get(rows[row], col));
            }
        }
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        for (int row = 0; row < a.rows(); row++) {
            for (int col = 0; col < a.cols(); col++) {
                out.set(row, col, a.get(row, col) + b.get(row, col));
            }
        }
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        for (int row = 0; row < a.rows(); row++) {
            for (int col = 0; col < a.cols(); col++) {
                out.set(row, col, a.get(row, col) * b.get(row, col));
            }
        }
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                out.set(row, col, x.get(row, col) * factors[col]);
            }
        }
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                out.set(row, col, x.get(row, col) + summands[col]);
            }
        }
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                out.set(row, col, activation.apply(x.get(row, col)));
            }
        }
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            double mean = 0;
            for (int col = 0; col < x.cols(); col++) {
                mean += x.get(row, col);
            }
            mean /= x.cols();
            double variance = 0;
            for (int col = 0; col < x.cols(); col++) {
                double distance = x.get(row, col) - mean;
                variance += distance * distance;
            }
            double root = Math.sqrt(variance / x.cols() + eps);
            for (int col = 0; col < x.cols(); col++) {
                double normalised = (x.get(row, col) - mean) / root;
                out.set(row, col, (float) (normalised * (weight == null ? 1 : weight[col])
                        + (bias == null ? 0 : bias[col])));
            }
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            double squares = 0;
            for (int col = 0; col < x.cols(); col++) {
                squares += (double) x.get(row, col) * x.get(row, col);
            }
            double root = Math.sqrt(squares / x.cols() + eps);
            for (int col = 0; col < x.cols(); col++) {
                out.set(row, col, (float) (x.get(row, col) / root * weight[col]));
            }
        }
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        int pairs = rotation.pairs();
        out.copyFrom(x);
        for (int row = 0; row < x.rows(); row++) {
            for (int pair = 0; pair < x.cols() / headSize * pairs; pair++) {
                int i = pair % pairs;
                int left = pair / pairs * headSize;
                int one = left + (rotation.interleaved() ? 2 * i : i);
                int two = left + (rotation.interleaved() ? 2 * i + 1 : i + pairs);
                double cos = rotation.cos()[rotation.rows()[row] * pairs + i];
                double sin = rotation.sin()[rotation.rows()[row] * pairs + i];
                double a = out.get(row, one);
                double b = out.get(row, two);
                out.set(row, one, (float) (a * cos - b * sin));
                out.set(row, two, (float) (b * cos + a * sin));
            }
        }
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences,
            AttentionBias bias, Matrix out, Workers workers) {
        int headSize = q.cols() / heads;
        int sharing = q.cols() / Math.max(1, k.cols());
        workers.forEach(sequences.count() * heads, task -> {
            int sequence = task / heads;
            int head = task % heads;
            int from = sequences.start(sequence);
            int to = from + sequences.length(sequence);
            int left = head * headSize;
            int right = left + headSize;
            int keyLeft = head / sharing * headSize;
            Matrix keys = k.part(from, to, keyLeft, keyLeft + headSize);
            Matrix values = v.part(from, to, keyLeft, keyLeft + headSize);
            double[] probs = new double[to - from];
            for (int query = 0; query < to - from; query++) {
                Matrix target = out.part(from + query, from + query + 1, left, right);
                probs(q.part(from + query, from + query + 1, left, right), keys, scale, bias,
                        sequence, head, query, probs);
                weightedSum(probs, values, target);
            }
        });
    }

    /// The attention probabilities of one query, `[1, D]`, over the keys of its sequence, `[S, D]`. All are zero if every key is
    /// forbidden.
    ///
    /// @param q        queries of one head in one sequence, `[S, D]`
    /// @param keys     keys of the same head, `[S, D]`
    /// @param scale    what scores are multiplied by
    /// @param bias     what is added to the scores
    /// @param sequence index of the sequence, for the bias
    /// @param head     index of the head, for the bias
    /// @param query    index of the query within its sequence, for the bias
    /// @param probs    receives the S probabilities
    public static void probs(Matrix q, Matrix keys, float scale, AttentionBias bias, int sequence, int head, int query,
            double[] probs) {
        double max = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < keys.rows(); key++) {
            double score = 0;
            for (int i = 0; i < keys.cols(); i++) {
                score += (double) q.get(0, i) * keys.get(key, i);
            }
            score *= scale;
            score += bias(bias, q, keys, scale, sequence, head, query, key);
            probs[key] = score;
            max = Math.max(max, score);
        }
        double sum = 0;
        for (int key = 0; key < keys.rows(); key++) {
            // exp(-∞ - -∞) would be NaN; a query that can see no key has probabilities of zero.
            probs[key] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(probs[key] - max);
            sum += probs[key];
        }
        for (int key = 0; key < keys.rows() && sum > 0; key++) {
            probs[key] /= sum;
        }
    }

    private static double bias(AttentionBias bias, Matrix q, Matrix keys, float scale, int sequence, int head, int query,
            int key) {
        return switch (bias) {
            case AttentionBias.None _ -> 0;
            case AttentionBias.Dense dense -> dense.values()[dense.row(sequence, head, query) + key];
            case AttentionBias.ByDistance by -> by.values()[by.centre(head)
                    + Math.clamp(key - query, -by.reach(), by.reach())];
            case AttentionBias.Window window -> Math.abs(key - query) > window.reach() ? Double.NEGATIVE_INFINITY : 0;
            case AttentionBias.VisibleKeys visible -> key < visible.counts()[sequence] ? 0 : Double.NEGATIVE_INFINITY;
            case AttentionBias.Sum sum -> bias(sum.first(), q, keys, scale, sequence, head, query, key)
                    + bias(sum.second(), q, keys, scale, sequence, head, query, key);
            case AttentionBias.Disentangled d -> scale * (dot(d.keys(), d.row(query, key), head, q, 0)
                    + dot(d.queries(), d.row(query, key), head, keys, key));
        };
    }

    private static double dot(@Nullable Matrix positions, int position, int head, Matrix x, int row) {
        double sum = 0;
        for (int i = 0; positions != null && i < x.cols(); i++) {
            sum += (double) positions.get(position, head * x.cols() + i) * x.get(row, i);
        }
        return sum;
    }

    private static void weightedSum(double[] probs, Matrix values, Matrix out) {
        for (int i = 0; i < values.cols(); i++) {
            double sum = 0;
            for (int key = 0; key < values.rows(); key++) {
                sum += probs[key] * values.get(key, i);
            }
            out.set(0, i, (float) sum);
        }
    }
}
