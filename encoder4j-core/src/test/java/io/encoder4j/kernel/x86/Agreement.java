// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;

/// What products in other precisions than float32 have to keep.
final class Agreement {

    private static final double EPSILON = Math.ulp(1f);

    private Agreement() { }

    /// What a precision makes of an operand.
    interface Rounded {
        float of(float value);
    }

    /// Fails unless every element is the sum of products of rounded operands, within CONTRIBUTING's tolerance for products
    /// and `more` times the sum of their magnitudes.
    ///
    /// @return the largest error over the sum of magnitudes
    static double ofProduct(Matrix x, Matrix weight, float[] bias, Matrix actual, Rounded rounded, double more) {
        float[][] a = rows(x, rounded);
        float[][] b = rows(weight, rounded);
        double tolerance = (4 + Math.sqrt(x.cols())) * EPSILON + more;
        double worst = 0;
        for (int row = 0; row < a.length; row++) {
            for (int col = 0; col < b.length; col++) {
                double sum = bias == null ? 0 : bias[col];
                double magnitude = Math.abs(sum);
                for (int i = 0; i < x.cols(); i++) {
                    double product = (double) a[row][i] * b[col][i];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                double error = Math.abs(actual.get(row, col) - sum);
                if (!(error <= tolerance * magnitude)) {
                    assertThat(error).as("error at [%d, %d] of %s", row, col, sum).isLessThanOrEqualTo(tolerance * magnitude);
                }
                worst = Math.max(worst, magnitude == 0 ? 0 : error / magnitude);
            }
        }
        return worst;
    }

    private static float[][] rows(Matrix x, Rounded rounded) {
        float[][] rows = new float[x.rows()][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = x.row(row);
            for (int col = 0; col < rows[row].length; col++) {
                rows[row][col] = rounded.of(rows[row][col]);
            }
        }
        return rows;
    }

    /// Fails unless rows have the same bits with any others, on one thread and on several.
    static void ofRowsInAnyCompany(Kernels kernels, Matrix x, PackedWeight weight) {
        Matrix together = Matrix.allocate(Arena.ofAuto(), x.rows(), weight.out());
        kernels.linear(x, weight, StandardActivation.GELU, together, Workers.single());
        try (Workers workers = Workers.of(3)) {
            Matrix shared = Matrix.allocate(Arena.ofAuto(), x.rows(), weight.out());
            kernels.linear(x, weight, StandardActivation.GELU, shared, workers);
            assertThat(shared.toArray()).containsExactly(together.toArray());
        }
        for (int from = 0, count = 1; from < x.rows(); from += count, count = count * 2 + 1) {
            int end = Math.min(x.rows(), from + count);
            Matrix some = Matrix.allocate(Arena.ofAuto(), end - from, weight.out());
            kernels.linear(x.rows(from, end), weight, StandardActivation.GELU, some, Workers.single());
            assertThat(some.toArray()).containsExactly(together.rows(from, end).toArray());
        }
    }
}
