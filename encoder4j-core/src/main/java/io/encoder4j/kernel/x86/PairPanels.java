// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.kernel.machine.Transpose;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Fills panels of 32 output features with pairs of bfloat16: `[panels][parts][steps][32]` pairs. A pair holds input features 2k
/// and 2k + 1. Machine code rounds sixteen rows at a time and transposes them as if pairs were floats: most weights are packed
/// before the JIT has compiled anything.
///
/// @param round     [RoundCode]
/// @param transpose [TransposeCode]
/// @param parts     1, or 2 for high parts followed by low parts
/// @param steps     pairs of input features in a panel
record PairPanels(Call round, Call transpose, int parts, int steps) {

    /// Output features in a panel.
    static final int WIDTH = 32;
    private static final int LANES = 16;
    private static final long ROW_BYTES = (long) WIDTH * Integer.BYTES;
    private static final long VECTOR_BYTES = (long) LANES * Integer.BYTES;

    /// Bytes of one part of a panel.
    long partBytes() {
        return steps * ROW_BYTES;
    }

    /// @param data zeros, long enough for all panels
    void fill(Matrix weight, MemorySegment data) {
        int vectors = (steps + LANES - 1) / LANES;
        long rowBytes = vectors * VECTOR_BYTES;
        long blockBytes = LANES * rowBytes;
        try (Arena own = Arena.ofConfined()) {
            MemorySegment arguments = own.allocate(CallArguments.BYTES, Matrix.ALIGNMENT);
            MemorySegment rows = own.allocate(parts * blockBytes, Matrix.ALIGNMENT);
            MemorySegment last = own.allocate(LANES * VECTOR_BYTES, Matrix.ALIGNMENT);
            Rounding rounding = new Rounding(round, parts > 1, arguments);
            NativeRows source = NativeRows.of(weight, LANES, own);
            Transpose turning = new Transpose(transpose, LANES, arguments);
            for (int row = 0; row < weight.rows(); row += LANES) {
                int count = Math.min(LANES, weight.rows() - row);
                if (count < LANES) {
                    rows.fill((byte) 0);
                }
                rounding.round(source.block(row, count),
                        new Rounding.Target(rows, 0, rowBytes, parts > 1 ? blockBytes : 0), vectors * 2 * LANES);
                for (int part = 0; part < parts; part++) {
                    long to = (row / WIDTH * (long) parts + part) * partBytes() + row % WIDTH * (long) Integer.BYTES;
                    turn(turning, rows, part * blockBytes, rowBytes, data, to, last);
                }
            }
        }
    }

    /// Transposes one part of sixteen rows. The steps after the last whole vector take a detour through `last`.
    private void turn(Transpose turning, MemorySegment rows, long from, long rowBytes, MemorySegment data, long to,
            MemorySegment last) {
        int whole = steps / LANES;
        if (whole > 0) {
            turning.lanes(rows, from, rowBytes, whole, data, to, ROW_BYTES);
        }
        if (whole * LANES < steps) {
            turning.lanes(rows, from + whole * VECTOR_BYTES, rowBytes, 1, last, 0, VECTOR_BYTES);
        }
        for (int step = whole * LANES; step < steps; step++) {
            MemorySegment.copy(last, step % LANES * VECTOR_BYTES, data, to + step * ROW_BYTES, VECTOR_BYTES);
        }
    }
}
