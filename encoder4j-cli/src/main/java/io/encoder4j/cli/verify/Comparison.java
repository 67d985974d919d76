// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.verify;

import io.encoder4j.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Compares one tensor row by row, so that rows which mean nothing can be left out.
final class Comparison {

    private final String name;
    private final Tensor expected;
    private final Tolerance tolerance;
    private long compared;
    private long wrong;
    private double maxError;
    private double scaled;
    private double minCosine = 1;
    private @Nullable String firstWrong;
    private @Nullable String firstLow;

    Comparison(String name, Tensor expected, Tolerance tolerance) {
        this.name = name;
        this.expected = expected;
        this.tolerance = tolerance;
    }

    /// Compares all of a tensor of the same shape.
    static Result whole(String name, Tensor expected, Tensor actual, Tolerance tolerance) {
        if (!Arrays.equals(expected.shape(), actual.shape())) {
            return failed(name, expected, tolerance, "the golden has " + Arrays.toString(expected.shape())
                    + ", we compute " + Arrays.toString(actual.shape()));
        }
        Comparison comparison = new Comparison(name, expected, tolerance);
        int width = expected.rank() == 0 ? 1 : expected.size(-1);
        for (int from = 0; from < expected.values().length; from += width) {
            comparison.row(from, actual.values(), from, width);
        }
        return comparison.result();
    }

    /// A tensor that could not be compared, which never counts as fine.
    static Result failed(String name, Tensor expected, Tolerance tolerance, String why) {
        return new Result.OfTensor(name, expected.shape(), 0, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0,
                tolerance, why);
    }

    /// Compares `length` values from index `from` of the expected with those from `actualFrom` of ours.
    void row(int from, float[] actual, int actualFrom, int length) {
        double dot = 0;
        double ee = 0;
        double aa = 0;
        for (int i = 0; i < length; i++) {
            float e = expected.values()[from + i];
            float a = actual[actualFrom + i];
            dot += (double) e * a;
            ee += (double) e * e;
            aa += (double) a * a;
            double difference = Math.abs((double) a - e);
            double error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
            maxError = Math.max(maxError, error);
            scaled = Math.max(scaled, error / (1 + Math.abs((double) e)));
            if (!tolerance.holds(e, a)) {
                wrong++;
                firstWrong = firstWrong != null ? firstWrong : String.format(Locale.ROOT,
                        "at %s expected %s, computed %s", Arrays.toString(index(from + i)), e, a);
            }
        }
        compared += length;
        // Two rows of zeros agree; a row of zeros has no direction to agree with another.
        double cosine = ee == 0 && aa == 0 ? 1 : ee == 0 || aa == 0 ? 0 : dot / Math.sqrt(ee * aa);
        minCosine = Math.min(minCosine, cosine);
        if (cosine < tolerance.cosine() && firstLow == null) {
            firstLow = String.format(Locale.ROOT, "the row at %s has a cosine of %.6f with the reference's",
                    Arrays.toString(index(from)), cosine);
        }
    }

    Result result() {
        if (compared == 0) {
            return failed(name, expected, tolerance, "the golden has no value outside the padding");
        }
        return new Result.OfTensor(name, expected.shape(), compared, maxError, scaled, minCosine, tolerance,
                firstWrong == null ? firstLow : wrong + " of " + compared + " values beyond the tolerance, the first "
                        + firstWrong);
    }

    private int[] index(int position) {
        int[] index = new int[expected.rank()];
        for (int axis = index.length - 1, rest = position; axis >= 0; axis--) {
            index[axis] = rest % expected.shape()[axis];
            rest /= expected.shape()[axis];
        }
        return index;
    }
}
