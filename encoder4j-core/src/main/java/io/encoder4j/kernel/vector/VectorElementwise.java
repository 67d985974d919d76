// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.BYTES;
import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.LANES;
import static io.encoder4j.kernel.vector.Species.ORDER;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/// Operations that treat each value or each row by itself. A row's last, partial vector is computed under a mask with the
/// same instructions, so a value's bits do not depend on where it stands.
final class VectorElementwise {

    private VectorElementwise() { }

    static void add(Matrix a, Matrix b, Matrix out) {
        int whole = F.loopBound(a.cols());
        for (int row = 0; row < a.rows(); row++) {
            long pa = a.rowBytes(row);
            long pb = b.rowBytes(row);
            long po = out.rowBytes(row);
            for (int col = 0; col < whole; col += LANES, pa += BYTES, pb += BYTES, po += BYTES) {
                load(a.data(), pa).add(load(b.data(), pb)).intoMemorySegment(out.data(), po, ORDER);
            }
            if (whole < a.cols()) {
                VectorMask<Float> rest = F.indexInRange(whole, a.cols());
                load(a.data(), pa, rest).add(load(b.data(), pb, rest)).intoMemorySegment(out.data(), po, ORDER, rest);
            }
        }
    }

    static void multiply(Matrix a, Matrix b, Matrix out) {
        int whole = F.loopBound(a.cols());
        for (int row = 0; row < a.rows(); row++) {
            long pa = a.rowBytes(row);
            long pb = b.rowBytes(row);
            long po = out.rowBytes(row);
            for (int col = 0; col < whole; col += LANES, pa += BYTES, pb += BYTES, po += BYTES) {
                load(a.data(), pa).mul(load(b.data(), pb)).intoMemorySegment(out.data(), po, ORDER);
            }
            if (whole < a.cols()) {
                VectorMask<Float> rest = F.indexInRange(whole, a.cols());
                load(a.data(), pa, rest).mul(load(b.data(), pb, rest)).intoMemorySegment(out.data(), po, ORDER, rest);
            }
        }
    }

    static void activation(ActivationFunction f, Matrix x, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            activateRow(f, x.data(), x.rowBytes(row), out.data(), out.rowBytes(row), x.cols());
        }
    }

    /// `cols` values from `in` to `out`, which may be the same place.
    static void activateRow(ActivationFunction f, MemorySegment in, long from, MemorySegment out, long to, int cols) {
        if (f instanceof StandardActivation standard) {
            switch (standard) {
                case LINEAR -> { if (in != out || from != to) copyRow(in, from, out, to, cols); }
                case GELU -> gelu(in, from, out, to, cols);
                case MISH -> scalarRow(f, in, from, out, to, cols);
                // The pooler's alone: too few values to be worth a vector's larger error.
                case TANH -> scalarRow(f, in, from, out, to, cols);
                case RELU, GELU_TANH, QUICK_GELU, SILU, SIGMOID -> otherRow(standard, in, from, out, to, cols);
            }
        } else {
            scalarRow(f, in, from, out, to, cols);
        }
    }

    private static void gelu(MemorySegment in, long from, MemorySegment out, long to, int cols) {
        int whole = F.loopBound(cols);
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            VectorMath.gelu(load(in, from)).intoMemorySegment(out, to, ORDER);
        }
        if (whole < cols) {
            geluRest(in, from, out, to, cols - whole);
        }
    }

    private static void geluRest(MemorySegment in, long from, MemorySegment out, long to, int count) {
        VectorMask<Float> rest = F.indexInRange(0, count);
        VectorMath.gelu(load(in, from, rest)).intoMemorySegment(out, to, ORDER, rest);
    }

    private static void otherRow(StandardActivation f, MemorySegment in, long from, MemorySegment out, long to,
            int cols) {
        for (int col = 0; col < cols; col += LANES, from += BYTES, to += BYTES) {
            VectorMask<Float> rest = F.indexInRange(col, cols);
            other(f, load(in, from, rest)).intoMemorySegment(out, to, ORDER, rest);
        }
    }

    private static FloatVector other(StandardActivation f, FloatVector x) {
        return switch (f) {
            case RELU -> x.blend(0f, x.compare(VectorOperators.LT, 0f));
            case GELU_TANH -> VectorMath.geluTanh(x);
            case QUICK_GELU -> x.mul(VectorMath.sigmoid(x.mul(1.702f)));
            case SILU -> x.mul(VectorMath.sigmoid(x));
            case SIGMOID -> VectorMath.sigmoid(x);
            case LINEAR, GELU, MISH, TANH -> throw new AssertionError(f);
        };
    }

    private static void scalarRow(ActivationFunction f, MemorySegment in, long from, MemorySegment out, long to,
            int cols) {
        for (int col = 0; col < cols; col++) {
            long at = (long) col * Float.BYTES;
            out.set(Matrix.ELEMENT, to + at, f.apply(in.get(Matrix.ELEMENT, from + at)));
        }
    }

    private static void copyRow(MemorySegment in, long from, MemorySegment out, long to, int cols) {
        MemorySegment.copy(in, from, out, to, (long) cols * Float.BYTES);
    }

    /// Adds `cols` values of `bias` from index `at` on; `cols` whole vectors.
    static void addBias(float[] bias, int at, MemorySegment x, long start, int cols) {
        for (int col = 0; col < cols; col += LANES, start += BYTES) {
            load(x, start).add(FloatVector.fromArray(F, bias, at + col)).intoMemorySegment(x, start, ORDER);
        }
    }

    static void gather(Matrix table, int[] rows, Matrix out) {
        for (int row = 0; row < rows.length; row++) {
            if (rows[row] < 0) {
                out.data().asSlice(out.rowBytes(row), (long) table.cols() * Float.BYTES).fill((byte) 0);
            } else {
                copyRow(table.data(), table.rowBytes(rows[row]), out.data(), out.rowBytes(row), table.cols());
            }
        }
    }

    /// Mean first, then the squared distances from it: one pass over sums and squares would cancel.
    static void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            long start = x.rowBytes(row);
            float mean = sum(x.data(), start, x.cols()) / x.cols();
            float variance = squares(x.data(), start, mean, x.cols()) / x.cols();
            float factor = (float) (1 / Math.sqrt(variance + (double) eps));
            normalise(x.data(), start, x.cols(), mean, factor, weight, bias, out.data(), out.rowBytes(row));
        }
    }

    static void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            long start = x.rowBytes(row);
            float meanSquare = squares(x.data(), start, 0, x.cols()) / x.cols();
            float factor = (float) (1 / Math.sqrt(meanSquare + (double) eps));
            normalise(x.data(), start, x.cols(), 0, factor, weight, null, out.data(), out.rowBytes(row));
        }
    }

    private static void normalise(MemorySegment x, long from, int cols, float mean, float factor,
            float @Nullable [] weight, float @Nullable [] bias, MemorySegment out, long to) {
        int whole = F.loopBound(cols);
        int col = 0;
        for (; col < whole; col += LANES, from += BYTES, to += BYTES) {
            FloatVector y = load(x, from).sub(mean).mul(factor);
            y = weight == null ? y : y.mul(FloatVector.fromArray(F, weight, col));
            y = bias == null ? y : y.add(FloatVector.fromArray(F, bias, col));
            y.intoMemorySegment(out, to, ORDER);
        }
        if (col < cols) {
            VectorMask<Float> rest = F.indexInRange(col, cols);
            FloatVector y = load(x, from, rest).sub(mean).mul(factor);
            y = weight == null ? y : y.mul(FloatVector.fromArray(F, weight, col, rest));
            y = bias == null ? y : y.add(FloatVector.fromArray(F, bias, col, rest));
            y.intoMemorySegment(out, to, ORDER, rest);
        }
    }

    private static float sum(MemorySegment x, long start, int cols) {
        int whole = F.loopBound(cols);
        FloatVector sum = FloatVector.zero(F);
        for (int col = 0; col < whole; col += LANES, start += BYTES) {
            sum = sum.add(load(x, start));
        }
        if (whole < cols) {
            sum = sum.add(load(x, start, F.indexInRange(whole, cols)));
        }
        return VectorMath.sum(sum);
    }

    private static float squares(MemorySegment x, long start, float mean, int cols) {
        int whole = F.loopBound(cols);
        FloatVector sum = FloatVector.zero(F);
        for (int col = 0; col < whole; col += LANES, start += BYTES) {
            FloatVector distance = load(x, start).sub(mean);
            sum = distance.fma(distance, sum);
        }
        if (whole < cols) {
            VectorMask<Float> rest = F.indexInRange(whole, cols);
            FloatVector distance = load(x, start, rest).sub(mean).blend(0f, rest.not());
            sum = distance.fma(distance, sum);
        }
        return VectorMath.sum(sum);
    }

    static FloatVector load(MemorySegment data, long bytes) {
        return FloatVector.fromMemorySegment(F, data, bytes, ORDER);
    }

    static FloatVector load(MemorySegment data, long bytes, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(F, data, bytes, ORDER, mask);
    }
}
