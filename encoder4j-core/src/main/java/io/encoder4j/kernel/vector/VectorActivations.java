// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.BYTES;
import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.LANES;
import static io.encoder4j.kernel.vector.Species.ORDER;
import static io.encoder4j.kernel.vector.VectorElementwise.load;

import io.encoder4j.kernel.PlainMath;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Activation functions of vectors. The values after a row's last whole vector are computed one by one with the same
/// operations.
final class VectorActivations {

    private VectorActivations() { }

    static void activation(ActivationFunction f, Matrix x, Matrix out) {
        for (int row = 0; row < x.rows(); row++) {
            activateRow(f, x.data(), x.rowBytes(row), out.data(), out.rowBytes(row), x.cols());
        }
    }

    /// `cols` values from `in` to `out`, which may be the same place.
    static void activateRow(ActivationFunction f, MemorySegment in, long from, MemorySegment out, long to, int cols) {
        int whole = F.loopBound(cols);
        switch (f) {
            case StandardActivation.LINEAR -> {
                if (in != out || from != to) {
                    VectorElementwise.copyRow(in, from, out, to, whole);
                }
            }
            case StandardActivation.GELU -> gelu(in, from, out, to, whole);
            case StandardActivation.RELU -> relu(in, from, out, to, whole);
            case StandardActivation.GELU_TANH -> geluTanh(in, from, out, to, whole);
            case StandardActivation.QUICK_GELU -> quickGelu(in, from, out, to, whole);
            case StandardActivation.SILU -> silu(in, from, out, to, whole);
            case StandardActivation.SIGMOID -> sigmoid(in, from, out, to, whole);
            // Only poolers use tanh, on few values: not worth the larger error of a vector version.
            default -> whole = 0;
        }
        for (int col = whole; col < cols; col++) {
            long at = (long) col * Float.BYTES;
            float x = in.get(Matrix.ELEMENT, from + at);
            out.set(Matrix.ELEMENT, to + at, PlainMath.activate(f, x));
        }
    }

    private static void gelu(MemorySegment in, long from, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            VectorMath.gelu(load(in, from)).intoMemorySegment(out, to, ORDER);
        }
    }

    // Each function has its own loop. One loop that switches between them would become too large to inline once several are in
    // use, and every vector that passes through a call becomes an object.
    private static void relu(MemorySegment in, long from, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            FloatVector x = load(in, from);
            x.blend(0f, x.compare(VectorOperators.LT, 0f)).intoMemorySegment(out, to, ORDER);
        }
    }

    private static void geluTanh(MemorySegment in, long from, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            VectorMath.geluTanh(load(in, from)).intoMemorySegment(out, to, ORDER);
        }
    }

    private static void quickGelu(MemorySegment in, long from, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            FloatVector x = load(in, from);
            x.mul(VectorMath.sigmoid(x.mul(1.702f))).intoMemorySegment(out, to, ORDER);
        }
    }

    private static void silu(MemorySegment in, long from, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            FloatVector x = load(in, from);
            x.mul(VectorMath.sigmoid(x)).intoMemorySegment(out, to, ORDER);
        }
    }

    private static void sigmoid(MemorySegment in, long from, MemorySegment out, long to, int whole) {
        for (int col = 0; col < whole; col += LANES, from += BYTES, to += BYTES) {
            VectorMath.sigmoid(load(in, from)).intoMemorySegment(out, to, ORDER);
        }
    }
}
