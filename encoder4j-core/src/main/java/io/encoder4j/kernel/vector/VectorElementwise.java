// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.BYTES;
import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.LANES;
import static io.encoder4j.kernel.vector.Species.ORDER;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/// Operations on single values or single rows. The values after a row's last whole vector are computed one by one with the same
/// operations, or under a mask with the same instructions, so a value's bits do not depend on its position. Masks are made once,
/// because a mask made where it is used becomes an object, even in compiled code.
final class VectorElementwise {

    /// The first `i` lanes, for each `i` below [Species#LANES].
    private static final List<VectorMask<Float>> FIRST =
            IntStream.range(0, LANES).mapToObj(count -> F.indexInRange(0, count)).toList();

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
            for (int col = whole; col < a.cols(); col++) {
                out.set(row, col, a.get(row, col) + b.get(row, col));
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
            for (int col = whole; col < a.cols(); col++) {
                out.set(row, col, a.get(row, col) * b.get(row, col));
            }
        }
    }

    static void scale(Matrix x, float[] factors, Matrix out) {
        int whole = F.loopBound(x.cols());
        for (int row = 0; row < x.rows(); row++) {
            scale(x.data(), x.rowBytes(row), factors, out.data(), out.rowBytes(row), whole);
            for (int col = whole; col < x.cols(); col++) {
                out.set(row, col, x.get(row, col) * factors[col]);
            }
        }
    }

    private static void scale(MemorySegment x, long from, float[] factors, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            load(x, from).mul(FloatVector.fromArray(F, factors, col)).intoMemorySegment(out, to, ORDER);
        }
    }

    static void shift(Matrix x, float[] summands, Matrix out) {
        int whole = F.loopBound(x.cols());
        for (int row = 0; row < x.rows(); row++) {
            shift(x.data(), x.rowBytes(row), summands, out.data(), out.rowBytes(row), whole);
            for (int col = whole; col < x.cols(); col++) {
                out.set(row, col, x.get(row, col) + summands[col]);
            }
        }
    }

    private static void shift(MemorySegment x, long from, float[] summands, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            load(x, from).add(FloatVector.fromArray(F, summands, col)).intoMemorySegment(out, to, ORDER);
        }
    }

    static void copyRow(MemorySegment in, long from, MemorySegment out, long to, int cols) {
        MemorySegment.copy(in, from, out, to, (long) cols * Float.BYTES);
    }

    /// Adds `cols` values of `bias` from index `at` on, in whole vectors.
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

    /// The mean first, then the squared distances from it: computing both from sums and squares in one pass would cancel.
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

    // One loop for the usual case, others where weight or bias is missing: a vector that depends on a condition becomes an
    // object.
    private static void normalise(MemorySegment x, long from, int cols, float mean, float factor,
            float @Nullable [] weight, float @Nullable [] bias, MemorySegment out, long to) {
        int whole = F.loopBound(cols);
        if (weight != null && bias != null) {
            affine(x, from, whole, mean, factor, weight, bias, out, to);
        } else {
            standardise(x, from, whole, mean, factor, out, to);
            if (weight != null) {
                scale(out, to, weight, out, to, whole);
            }
            if (bias != null) {
                shift(out, to, bias, out, to, whole);
            }
        }
        for (int col = whole; col < cols; col++) {
            long at = (long) col * Float.BYTES;
            float y = (x.get(Matrix.ELEMENT, from + at) - mean) * factor;
            y = weight == null ? y : y * weight[col];
            out.set(Matrix.ELEMENT, to + at, bias == null ? y : y + bias[col]);
        }
    }

    private static void affine(MemorySegment x, long from, int whole, float mean, float factor, float[] weight,
            float[] bias, MemorySegment out, long to) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            load(x, from).sub(mean).mul(factor).mul(FloatVector.fromArray(F, weight, col))
                    .add(FloatVector.fromArray(F, bias, col)).intoMemorySegment(out, to, ORDER);
        }
    }

    private static void standardise(MemorySegment x, long from, int whole, float mean, float factor, MemorySegment out,
            long to) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            load(x, from).sub(mean).mul(factor).intoMemorySegment(out, to, ORDER);
        }
    }

    static void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        if (x.data() != out.data() || x.offset() != out.offset()) {
            out.copyFrom(x);
        }
        int pairs = rotation.pairs();
        for (int row = 0; row < out.rows(); row++) {
            int at = rotation.rows()[row] * pairs;
            for (int left = 0; left < out.cols(); left += headSize) {
                long start = out.rowBytes(row) + (long) left * Float.BYTES;
                if (rotation.interleaved()) {
                    turn(out.data(), start, Float.BYTES, 2 * Float.BYTES, rotation, at, 0);
                } else {
                    int whole = turnHalves(out.data(), start, rotation, at);
                    turn(out.data(), start + (long) whole * Float.BYTES, (long) pairs * Float.BYTES, Float.BYTES, rotation, at,
                            whole);
                }
            }
        }
    }

    /// Rotates the pairs that fill whole vectors, and returns their number.
    private static int turnHalves(MemorySegment x, long start, Rotation rotation, int at) {
        int whole = F.loopBound(rotation.pairs());
        long apart = (long) rotation.pairs() * Float.BYTES;
        for (int i = 0; i < whole; i += LANES, start += BYTES) {
            FloatVector a = load(x, start);
            FloatVector b = load(x, start + apart);
            FloatVector cos = FloatVector.fromArray(F, rotation.cos(), at + i);
            FloatVector sin = FloatVector.fromArray(F, rotation.sin(), at + i);
            a.mul(cos).sub(b.mul(sin)).intoMemorySegment(x, start, ORDER);
            b.mul(cos).add(a.mul(sin)).intoMemorySegment(x, start + apart, ORDER);
        }
        return whole;
    }

    private static void turn(MemorySegment x, long start, long apart, long step, Rotation rotation, int at, int from) {
        for (int i = from; i < rotation.pairs(); i++, start += step) {
            float a = x.get(Matrix.ELEMENT, start);
            float b = x.get(Matrix.ELEMENT, start + apart);
            float cos = rotation.cos()[at + i];
            float sin = rotation.sin()[at + i];
            x.set(Matrix.ELEMENT, start, a * cos - b * sin);
            x.set(Matrix.ELEMENT, start + apart, b * cos + a * sin);
        }
    }

    private static float sum(MemorySegment x, long start, int cols) {
        int whole = F.loopBound(cols);
        FloatVector sum = FloatVector.zero(F);
        for (int col = 0; col < whole; col += LANES, start += BYTES) {
            sum = sum.add(load(x, start));
        }
        if (whole < cols) {
            sum = sum.add(load(x, start, FIRST.get(cols - whole)));
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
            VectorMask<Float> rest = FIRST.get(cols - whole);
            FloatVector distance = FloatVector.zero(F).blend(load(x, start, rest).sub(mean), rest);
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
