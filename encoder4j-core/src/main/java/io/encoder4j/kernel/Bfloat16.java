// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// bfloat16: the upper half of a float32, 8 bits of exponent and 8 of significand. A product of two is exact in float32.
///
/// Rounding is to the nearest value; ties go to the even one. Values beyond the largest bfloat16 (3.39e38) become infinite.
/// Subnormal values (below 1.2e-38) are kept here, but machine instructions may treat them as zero.
public final class Bfloat16 {

    private static final ValueLayout.OfInt BITS =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(Matrix.ELEMENT.order());

    private Bfloat16() { }

    /// {@return the nearest bfloat16, as a float32}
    ///
    /// @param value a float
    public static float round(float value) {
        return Float.intBitsToFloat(round(Float.floatToRawIntBits(value)));
    }

    /// [#round(float)] of a float32's bits.
    static int round(int bits) {
        // Rounding a NaN could carry into its sign bit. It keeps its upper half and becomes quiet.
        return (bits & 0x7fffffff) > 0x7f800000 ? (bits | 0x00400000) & 0xffff0000
                : bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000;
    }

    /// Writes the rounded values of a matrix, row by row without gaps.
    ///
    /// @param to at least `rows · cols` floats
    static void round(Matrix x, MemorySegment to) {
        long out = 0;
        for (int row = 0; row < x.rows(); row++) {
            long in = x.rowBytes(row);
            for (int col = 0; col < x.cols(); col++, in += Float.BYTES, out += Float.BYTES) {
                to.set(BITS, out, round(x.data().get(BITS, in)));
            }
        }
    }
}
