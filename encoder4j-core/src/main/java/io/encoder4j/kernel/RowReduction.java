// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Reduction;
import io.encoder4j.tensor.Sequences;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The definition of [Kernels#pool], [Kernels#normalize] and [Kernels#maximum]. All kernels on a CPU share it: each value is read
/// once, so memory is the limit, not arithmetic. One task computes an element, with the rows in order, so its bits depend neither
/// on the number of threads nor on other sequences.
final class RowReduction {

    /// Columns of a sequence that one task pools.
    private static final int COLUMNS = 256;
    /// Rows that one task normalises.
    private static final int ROWS = 32;
    /// The least length that a row is divided by, as in torch's `normalize`.
    private static final double LEAST_LENGTH = 1e-12;

    private RowReduction() { }

    static void pool(Reduction reduction, Matrix x, Sequences sequences, int skip, Matrix out, Workers workers) {
        int blocks = Workers.blocks(x.cols(), COLUMNS);
        workers.forEach(sequences.count() * blocks, task -> {
            int sequence = task / blocks;
            int left = task % blocks * COLUMNS;
            int right = Math.min(x.cols(), left + COLUMNS);
            int start = sequences.start(sequence);
            Matrix rows = x.rows(start, start + sequences.length(sequence)).columns(left, right);   // [S, columns]
            write(pooled(reduction, rows, Math.max(0, Math.min(skip, rows.rows() - 1))), out, sequence, left);
        });
    }

    private static float[] pooled(Reduction reduction, Matrix rows, int from) {
        if (rows.rows() == 0) {
            return new float[rows.cols()];
        }
        int count = rows.rows() - from;
        return switch (reduction) {
            case FIRST -> rows.row(from);
            case LAST -> rows.row(rows.rows() - 1);
            case MAX -> max(rows, from);
            case SUM -> divided(sums(rows, from, false), 1);
            case MEAN -> divided(sums(rows, from, false), count);
            case MEAN_SQRT_LENGTH -> divided(sums(rows, from, false), Math.sqrt(count));
            // from + 1, from + 2, …, rows
            case WEIGHTED_MEAN -> divided(sums(rows, from, true), (from + 1.0 + rows.rows()) * count / 2);
        };
    }

    private static float[] max(Matrix rows, int from) {
        float[] max = new float[rows.cols()];
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        float[] values = new float[rows.cols()];
        for (int row = from; row < rows.rows(); row++) {
            read(rows, row, values);
            for (int i = 0; i < max.length; i++) {
                max[i] = Math.max(max[i], values[i]);
            }
        }
        return max;
    }

    /// The sum of the rows from `from` on; if `weighted`, each row is multiplied by its position in the sequence.
    private static double[] sums(Matrix rows, int from, boolean weighted) {
        double[] sums = new double[rows.cols()];
        float[] values = new float[rows.cols()];
        for (int row = from; row < rows.rows(); row++) {
            read(rows, row, values);
            double weight = weighted ? row + 1.0 : 1;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += weight * values[i];
            }
        }
        return sums;
    }

    private static float[] divided(double[] sums, double by) {
        float[] values = new float[sums.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (sums[i] / by);
        }
        return values;
    }

    static void normalize(Matrix x, Matrix out, Workers workers) {
        workers.forEach(Workers.blocks(x.rows(), ROWS), block -> {
            float[] values = new float[x.cols()];
            int end = Math.min(x.rows(), (block + 1) * ROWS);
            for (int row = block * ROWS; row < end; row++) {
                read(x, row, values);
                double squares = 0;
                for (float value : values) {
                    squares += (double) value * value;
                }
                double length = Math.max(Math.sqrt(squares), LEAST_LENGTH);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (values[i] / length);
                }
                write(values, out, row, 0);
            }
        });
    }

    static void maximum(Matrix a, Matrix b, Matrix out) {
        float[] values = new float[a.cols()];
        float[] others = new float[a.cols()];
        for (int row = 0; row < a.rows(); row++) {
            read(a, row, values);
            read(b, row, others);
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.max(values[i], others[i]);
            }
            write(values, out, row, 0);
        }
    }

    private static void read(Matrix x, int row, float[] values) {
        MemorySegment.copy(x.data(), Matrix.ELEMENT, x.rowBytes(row), values, 0, x.cols());
    }

    private static void write(float[] values, Matrix out, int row, int column) {
        MemorySegment.copy(values, 0, out.data(), Matrix.ELEMENT, out.rowBytes(row) + (long) column * Float.BYTES,
                values.length);
    }
}
