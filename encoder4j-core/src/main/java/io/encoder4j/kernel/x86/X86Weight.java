// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.NativeRows;
import io.encoder4j.kernel.machine.Transpose;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A weight in panels of output features. For each input feature (or pair of them, in bfloat16) the panel's values lie side by
/// side, so that a product reads memory in order. The last panel is padded with zeros.
///
/// @param out   output features
/// @param in    input features
/// @param width output features in a panel
/// @param pairs whether the values are pairs of bfloat16: input features 2k and 2k + 1
/// @param data  `[panels][steps][width]`, four bytes each
/// @param bias  `[panels · width]` floats, or null
record X86Weight(int out, int in, int width, boolean pairs, MemorySegment data, @Nullable MemorySegment bias)
        implements PackedWeight {

    /// Steps of the inner dimension.
    int steps() {
        return pairs ? (in + 1) / 2 : in;
    }

    /// Panels; the last may be padded.
    int panels() {
        return Workers.blocks(out, width);
    }

    long panelBytes() {
        return (long) steps() * width * Float.BYTES;
    }

    static X86Weight pack(Routines routines, Arena arena, Matrix weight, float @Nullable [] bias, boolean pairs) {
        int width = routines.panel();
        int panels = Workers.blocks(weight.rows(), width);
        int steps = pairs ? (weight.cols() + 1) / 2 : weight.cols();
        MemorySegment data = arena.allocate(Math.max(1, (long) panels * steps * width * Float.BYTES), Matrix.ALIGNMENT);
        MemorySegment padded = null;
        if (bias != null) {
            padded = arena.allocate((long) panels * width * Float.BYTES, Matrix.ALIGNMENT);
            MemorySegment.copy(bias, 0, padded, Matrix.ELEMENT, 0, Math.min(bias.length, weight.rows()));
        }
        X86Weight packed = new X86Weight(weight.rows(), weight.cols(), width, pairs, data, padded);
        if (pairs) {
            new PairPanels(routines.round(new RoundCode(false)), routines.transpose(), 1, steps).fill(weight, data);
        } else {
            packed.fill(routines, weight);
        }
        return packed;
    }

    private void fill(Routines routines, Matrix weight) {
        int lanes = routines.lanes();
        try (Arena own = Arena.ofConfined()) {
            Transpose transpose = new Transpose(routines, own.allocate(CallArguments.BYTES, Matrix.ALIGNMENT));
            NativeRows rows = NativeRows.of(weight, lanes, own);
            for (int row = 0; row < weight.rows(); row += lanes) {
                fill(rows.block(row, Math.min(lanes, weight.rows() - row)), row, lanes, transpose);
            }
        }
    }

    /// Fills in some output features: whole vectors of as many input features by machine code, the rest one by one.
    private void fill(Matrix block, int row, int lanes, Transpose transpose) {
        int vectors = block.rows() == lanes ? block.cols() / lanes : 0;
        if (vectors > 0) {
            transpose.lanes(block.data(), block.rowBytes(0), (long) block.stride() * Float.BYTES, vectors, data,
                    start(row, 0), (long) width * Float.BYTES);
        }
        for (int i = 0; i < block.rows(); i++) {
            for (int col = vectors * lanes; col < block.cols(); col++) {
                data.set(Matrix.ELEMENT, start(row + i, col), block.get(i, col));
            }
        }
    }

    /// Offset in bytes of one output feature's value at one step.
    private long start(int feature, int step) {
        return feature / width * panelBytes() + ((long) step * width + feature % width) * Float.BYTES;
    }
}
