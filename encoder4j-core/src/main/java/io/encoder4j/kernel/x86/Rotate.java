// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Rotation;
import java.lang.foreign.MemorySegment;

/// Calls [RotateCode].
record Rotate(Routines routines, ScratchPool pool, Elementwise elementwise) {

    /// Rows of one call, so that it stays short.
    private static final int ROWS = 64;

    /// Whether there is a routine for it: the pairs are features i and i + pairs, and fill whole vectors.
    boolean takes(Matrix x, Rotation rotation, Matrix out) {
        return !rotation.interleaved() && rotation.pairs() > 0 && rotation.pairs() % routines.lanes() == 0
                && elementwise.takes(x, out);
    }

    void apply(Matrix x, Rotation rotation, int headSize, Matrix out) {
        int pairs = rotation.pairs();
        long halfBytes = (long) pairs * Float.BYTES;
        MemorySegment scratch = pool.take(CallArguments.BYTES + 2 * ROWS * halfBytes);
        try {
            if (2 * pairs < headSize && x != out) {
                out.copyFrom(x);
            }
            for (int row = 0; row < x.rows(); row += ROWS) {
                int count = Math.min(ROWS, x.rows() - row);
                for (int i = 0; i < count; i++) {
                    int at = rotation.rows()[row + i] * pairs;
                    MemorySegment.copy(rotation.cos(), at, scratch, Matrix.ELEMENT, CallArguments.BYTES + i * halfBytes, pairs);
                    MemorySegment.copy(rotation.sin(), at, scratch, Matrix.ELEMENT,
                            CallArguments.BYTES + (count + i) * halfBytes, pairs);
                }
                rows(x.rows(row, row + count), headSize, halfBytes, out.rows(row, row + count), scratch);
            }
        } finally {
            pool.give(scratch);
        }
    }

    private void rows(Matrix x, int headSize, long halfBytes, Matrix out, MemorySegment scratch) {
        long rowBytes = (long) x.cols() * Float.BYTES;
        int heads = x.cols() / headSize;
        if (heads * headSize != x.cols() || 2 * halfBytes > (long) headSize * Float.BYTES) {
            throw new IllegalArgumentException("rotate: " + x.cols() + " features in heads of " + headSize + ", pairs "
                    + halfBytes / Float.BYTES);
        }
        CallArguments.check(x.data(), x.rowBytes(0), (long) x.stride() * Float.BYTES, x.rows(), rowBytes);
        CallArguments.check(out.data(), out.rowBytes(0), (long) out.stride() * Float.BYTES, x.rows(), rowBytes);
        CallArguments.check(scratch, CallArguments.BYTES, halfBytes, 2L * x.rows(), halfBytes);
        CallArguments.set(scratch, RotateCode.X_START, x.rowBytes(0));
        CallArguments.set(scratch, RotateCode.X_STRIDE, (long) x.stride() * Float.BYTES);
        CallArguments.set(scratch, RotateCode.COS_START, CallArguments.BYTES);
        CallArguments.set(scratch, RotateCode.SIN_START, CallArguments.BYTES + x.rows() * halfBytes);
        CallArguments.set(scratch, RotateCode.OUT_START, out.rowBytes(0));
        CallArguments.set(scratch, RotateCode.OUT_STRIDE, (long) out.stride() * Float.BYTES);
        CallArguments.set(scratch, RotateCode.ROWS, x.rows());
        CallArguments.set(scratch, RotateCode.VECTORS, halfBytes / Float.BYTES / routines.lanes());
        CallArguments.set(scratch, RotateCode.HEADS, heads);
        CallArguments.set(scratch, RotateCode.HEAD_BYTES, (long) headSize * Float.BYTES);
        CallArguments.set(scratch, RotateCode.HALF_BYTES, halfBytes);
        routines.rotate().call(scratch, x.data(), scratch, out.data(), scratch);
    }
}
