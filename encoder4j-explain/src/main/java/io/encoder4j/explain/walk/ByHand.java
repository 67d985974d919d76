// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.nn.LayerNorm;
import io.encoder4j.nn.TokenPooling;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.LinearWeights;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.trace.Operation;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The encoder's arithmetic in plain loops and double precision: slow, and nothing is hidden. Rows are tokens. Each method
/// computes the rows of a result that are asked for.
public final class ByHand {

    private ByHand() { }

    /// A step computed again from what it read.
    ///
    /// @param inputs results of the steps it read
    /// @param rows   the rows wanted
    /// @return these rows; null if nothing is computed
    static double @Nullable [][] step(Operation operation, List<Tensor> inputs, int[] rows) {
        return switch (operation) {
            case Operation.Embed embed -> each(rows, row -> doubles(embed.table().weight().matrix().row(embed.ids()[row])));
            case Operation.Project project -> linear(inputs.getFirst(), project.linear().weights(), rows);
            case Operation.Activate a -> each(rows, row -> map(row(inputs.getFirst(), row),
                    x -> a.activation().function().apply((float) x)));
            case Operation.Add _ -> both(inputs, rows, Double::sum);
            case Operation.Multiply _ -> both(inputs, rows, (a, b) -> a * b);
            case Operation.Maximum _ -> both(inputs, rows, Math::max);
            case Operation.Scale scale -> with(inputs.getFirst(), scale.factors(), rows, (x, f) -> x * f);
            case Operation.Shift shift -> with(inputs.getFirst(), shift.summands(), rows, Double::sum);
            case Operation.Norm norm -> each(rows, row -> layerNorm(row(inputs.getFirst(), row), norm.norm()));
            case Operation.SquareNorm norm -> each(rows, row -> squareNorm(row(inputs.getFirst(), row),
                    norm.norm().weight().vector(), norm.norm().eps()));
            case Operation.Rotate rotate -> each(rows, row -> rotate(row(inputs.getFirst(), row), rotate.rotation(),
                    rotate.heads(), row));
            case Operation.Attend attend -> each(rows, row -> attend(attend, inputs, row));
            case Operation.Pick pick -> each(rows, row -> row(inputs.getFirst(), pick.rows()[row]));
            case Operation.Pool pool -> each(rows, row -> pool(pool.pooling(), inputs.getFirst(), pool.sequences(), row));
            case Operation.Normalize _ -> each(rows, row -> normalize(row(inputs.getFirst(), row)));
            case Operation.Neighbours near -> each(rows, row -> neighbours(near, inputs.getFirst(), row));
            case Operation.View _, Operation.Name _, Operation.Given _ -> null;
        };
    }

    private interface RowFunction {
        double[] apply(int row);
    }

    private static double[][] each(int[] rows, RowFunction function) {
        return Arrays.stream(rows).mapToObj(function::apply).toArray(double[][]::new);
    }

    /// A row of a tensor of two dimensions.
    public static double[] row(Tensor x, int row) {
        int cols = x.size(-1);
        double[] values = new double[cols];
        for (int i = 0; i < cols; i++) {
            values[i] = x.values()[row * cols + i];
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double[] map(double[] row, java.util.function.DoubleUnaryOperator function) {
        return Arrays.stream(row).map(function).toArray();
    }

    private static double[][] both(List<Tensor> inputs, int[] rows, java.util.function.DoubleBinaryOperator operator) {
        return each(rows, row -> {
            double[] a = row(inputs.get(0), row);
            double[] b = row(inputs.get(1), row);
            for (int i = 0; i < a.length; i++) {
                a[i] = operator.applyAsDouble(a[i], b[i]);
            }
            return a;
        });
    }

    private static double[][] with(Tensor x, Parameter vector, int[] rows, java.util.function.DoubleBinaryOperator operator) {
        float[] values = vector.vector();
        return each(rows, row -> {
            double[] one = row(x, row);
            for (int i = 0; i < one.length; i++) {
                one[i] = operator.applyAsDouble(one[i], values[i]);
            }
            return one;
        });
    }

    /// `x · weightᵀ + bias`: a row of the weight makes a column of the result.
    private static double[][] linear(Tensor x, LinearWeights weights, int[] rows) {
        int in = weights.weight().in();
        int out = weights.weight().out();
        float @Nullable [] bias = weights.bias() == null ? null : weights.bias().read();
        double[][] y = new double[rows.length][out];
        try (Arena arena = Arena.ofConfined()) {
            Matrix weight = weights.weight().read(arena);
            double[][] inputs = each(rows, row -> row(x, row));
            for (int o = 0; o < out; o++) {
                float[] column = weight.row(o);
                for (int row = 0; row < rows.length; row++) {
                    double[] one = inputs[row];
                    double sum = bias == null ? 0 : bias[o];
                    for (int i = 0; i < in; i++) {
                        sum += one[i] * column[i];
                    }
                    y[row][o] = sum;
                }
            }
        }
        return y;
    }

    /// The mean of a row.
    public static double mean(double[] row) {
        double sum = 0;
        for (double x : row) {
            sum += x;
        }
        return sum / row.length;
    }

    /// The biased variance: the mean of the squared distances from the mean.
    public static double variance(double[] row) {
        double mean = mean(row);
        double sum = 0;
        for (double x : row) {
            sum += (x - mean) * (x - mean);
        }
        return sum / row.length;
    }

    /// `√ Σ x²`.
    public static double length(double[] row) {
        double squares = 0;
        for (double x : row) {
            squares += x * x;
        }
        return Math.sqrt(squares);
    }

    /// `(x - mean) / √(variance + eps) · weight + bias`.
    private static double[] layerNorm(double[] x, LayerNorm norm) {
        float[] weight = norm.weight().vector();
        float @Nullable [] bias = norm.bias() == null ? null : norm.bias().vector();
        double mean = mean(x);
        double deviation = Math.sqrt(variance(x) + norm.eps());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - mean) / deviation * weight[i] + (bias == null ? 0 : bias[i]);
        }
        return y;
    }

    /// `x / √(mean of squares + eps) · weight`.
    private static double[] squareNorm(double[] x, float[] weight, double eps) {
        double root = Math.sqrt(length(x) * length(x) / x.length + eps);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] / root * weight[i];
        }
        return y;
    }

    private static double[] normalize(double[] x) {
        double length = Math.max(length(x), 1e-12);
        return map(x, value -> value / length);
    }

    /// Pairs of each head's features turned by the angle of the token's position.
    private static double[] rotate(double[] x, Rotation rotation, int heads, int token) {
        double[] y = x.clone();
        int size = x.length / heads;
        int table = rotation.rows()[token] * rotation.pairs();
        for (int head = 0; head < heads; head++) {
            for (int pair = 0; pair < rotation.pairs(); pair++) {
                int first = head * size + (rotation.interleaved() ? 2 * pair : pair);
                int second = first + (rotation.interleaved() ? 1 : rotation.pairs());
                double cos = rotation.cos()[table + pair];
                double sin = rotation.sin()[table + pair];
                y[first] = x[first] * cos - x[second] * sin;
                y[second] = x[second] * cos + x[first] * sin;
            }
        }
        return y;
    }

    private static double[] neighbours(Operation.Neighbours near, Tensor x, int row) {
        int sequence = sequence(near.sequences(), row);
        int start = near.sequences().start(sequence);
        int cols = x.size(-1);
        double[] y = new double[cols * near.offsets().length];
        for (int part = 0; part < near.offsets().length; part++) {
            int other = row + near.offsets()[part];
            if (other >= start && other < start + near.sequences().length(sequence)) {
                System.arraycopy(row(x, other), 0, y, part * cols, cols);
            }
        }
        return y;
    }

    private static int sequence(Sequences sequences, int row) {
        int sequence = 0;
        while (row >= sequences.start(sequence) + sequences.length(sequence)) {
            sequence++;
        }
        return sequence;
    }

    private static double[] pool(TokenPooling pooling, Tensor x, Sequences sequences, int sequence) {
        int cols = x.size(-1);
        int start = sequences.start(sequence);
        int length = sequences.length(sequence);
        int from = Math.max(0, Math.min(pooling.skip(), length - 1));
        double[] y = new double[cols * pooling.reductions().size()];
        for (int part = 0; part < pooling.reductions().size(); part++) {
            double weights = 0;
            double[] sum = new double[cols];
            for (int t = from; t < length; t++) {
                double[] row = row(x, start + t);
                double weight = switch (pooling.reductions().get(part)) {
                    case FIRST -> t == from ? 1 : 0;
                    case LAST -> t == length - 1 ? 1 : 0;
                    case WEIGHTED_MEAN -> t + 1.0;
                    case MAX, SUM, MEAN, MEAN_SQRT_LENGTH -> 1;
                };
                weights += weight;
                for (int i = 0; i < cols; i++) {
                    sum[i] = pooling.reductions().get(part) == io.encoder4j.tensor.Reduction.MAX
                            ? t == from ? row[i] : Math.max(sum[i], row[i]) : sum[i] + weight * row[i];
                }
            }
            double divisor = switch (pooling.reductions().get(part)) {
                case MEAN, WEIGHTED_MEAN -> weights;
                case MEAN_SQRT_LENGTH -> Math.sqrt(weights);
                case FIRST, LAST, MAX, SUM -> 1;
            };
            for (int i = 0; i < cols; i++) {
                y[part * cols + i] = sum[i] / divisor;
            }
        }
        return y;
    }

    /// All heads of one query, side by side.
    private static double[] attend(Operation.Attend attend, List<Tensor> inputs, int row) {
        int heads = attend.attention().heads();
        double[] context = new double[inputs.get(0).size(-1)];
        int size = context.length / heads;
        int sequence = sequence(attend.sequences(), row);
        int start = attend.sequences().start(sequence);
        for (int head = 0; head < heads; head++) {
            HeadByHand one = HeadByHand.of(attend, inputs, sequence, head);
            double[] part = one.weighted(one.softmax(one.scores(row - start)));
            System.arraycopy(part, 0, context, head * size, size);
        }
        return context;
    }

    /// The largest absolute difference of rows from those of a tensor; infinite if something is not a number.
    static double difference(double[][] byHand, Tensor model, int[] rows) {
        double largest = 0;
        for (int i = 0; i < rows.length; i++) {
            double[] expected = row(model, rows[i]);
            for (int col = 0; col < expected.length; col++) {
                double difference = Math.abs(byHand[i][col] - expected[col]);
                largest = difference >= 0 ? Math.max(largest, difference) : Double.POSITIVE_INFINITY;
            }
        }
        return largest;
    }
}
