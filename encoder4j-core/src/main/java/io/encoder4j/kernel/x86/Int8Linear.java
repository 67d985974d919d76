// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.BlockPlan;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;

/// The linear layer of whole numbers: blocks of quantised rows by groups of the weight's panels. A row is quantised once. Where
/// several blocks share the rows, that happens before them.
///
/// @param elementwise computes the activations that a product cannot end with
/// @param rest        computes the activations that have no routine
record Int8Linear(Routines routines, ScratchPool pool, Elementwise elementwise, Kernels rest) {

    /// Bytes of left operand that stay in the second-level cache while the panels of the right one stream past.
    private static final int LEFT_BYTES = 256 << 10;
    /// Bytes of panels for one call, so that they stay in the second-level cache and the call stays short.
    private static final long GROUP_BYTES = 192 << 10;
    /// Rows that a thread quantises at a time.
    private static final int ROWS = 16;

    void apply(Matrix x, Int8Panels w, ActivationFunction activation, Matrix out, Workers workers) {
        long rowBytes = Quantising.rowBytes(w.in());
        BlockPlan plan = BlockPlan.of(x.rows(), rowBytes, LEFT_BYTES, routines.tallestInt8(), w.panels(), workers);
        if (plan.groups() == 1) {
            workers.forEach(plan.count(), index -> {
                BlockPlan.Block block = plan.block(index);
                Matrix rows = x.rows(block.row(), block.row() + block.rows());
                quantised(rows, rowBytes, Workers.single(), left -> apply(left, w, activation, out, block));
            });
        } else if (plan.count() > 0) {
            quantised(x, rowBytes, workers, left -> workers.forEach(plan.count(), index -> {
                BlockPlan.Block block = plan.block(index);
                apply(left.row(block.row()), w, activation, out, block);
            }));
        }
    }

    private interface Use {
        void of(Gemm.Operand left);
    }

    /// Quantises all rows into scratch memory, which lasts as long as `use`.
    private void quantised(Matrix x, long rowBytes, Workers workers, Use use) {
        MemorySegment memory = pool.take(x.rows() * rowBytes);
        try {
            Gemm.Operand left = new Gemm.Operand(memory, 0, rowBytes);
            if (workers.threads() == 1 || x.rows() <= ROWS) {
                quantise(x, left);
            } else {
                workers.forEach(Workers.blocks(x.rows(), ROWS), block -> {
                    int from = block * ROWS;
                    quantise(x.rows(from, Math.min(x.rows(), from + ROWS)), left.row(from));
                });
            }
            use.of(left);
        } finally {
            pool.give(memory);
        }
    }

    private void quantise(Matrix x, Gemm.Operand to) {
        MemorySegment arguments = pool.take(CallArguments.BYTES);
        new Quantising(routines.quantise(), arguments).quantise(x, to);
        pool.give(arguments);
    }

    private void apply(Gemm.Operand left, Int8Panels w, ActivationFunction activation, Matrix out, BlockPlan.Block block) {
        int first = block.panel() * w.width();
        int columns = Math.min(w.out() - first, block.panels() * w.width());
        int vectors = Workers.blocks(columns, routines.lanes());
        boolean ragged = columns % routines.lanes() != 0;
        long whole = (long) vectors * routines.lanes() * Float.BYTES;
        MemorySegment scratch = pool.take(CallArguments.BYTES + (ragged ? block.rows() * whole : 0));
        try {
            boolean fused = MathCode.fits(activation);
            Gemm.Operand c = ragged ? new Gemm.Operand(scratch, CallArguments.BYTES, whole)
                    : new Gemm.Operand(out.data(), out.rowBytes(block.row()) + (long) first * Float.BYTES,
                            (long) out.stride() * Float.BYTES);
            new Product(routines, scratch, left, w, fused ? (StandardActivation) activation : StandardActivation.LINEAR, c)
                    .multiply(block.rows(), block.panel(), vectors);
            for (int row = 0; ragged && row < block.rows(); row++) {
                MemorySegment.copy(scratch, c.start() + row * whole, out.data(),
                        out.rowBytes(block.row() + row) + (long) first * Float.BYTES, (long) columns * Float.BYTES);
            }
            if (!fused) {
                Matrix done = out.rows(block.row(), block.row() + block.rows()).columns(first, first + columns);
                elementwise.activation(activation, done, done, scratch, rest);
            }
        } finally {
            pool.give(scratch);
        }
    }

    /// Calls [Int8Code] for any number of rows and panels.
    ///
    /// @param a quantised rows
    /// @param c receives the product
    record Product(Routines routines, MemorySegment arguments, Gemm.Operand a, Int8Panels w, StandardActivation activation,
            Gemm.Operand c) {

        /// @param panel   the first
        /// @param vectors of columns: whole panels, and perhaps one vector of the last panel
        void multiply(int rows, int panel, int vectors) {
            int panels = vectors / Int8Code.PANEL_VECTORS;
            int most = (int) Math.max(1, GROUP_BYTES / w.panelBytes());
            for (int done = 0; done < panels; done += most) {
                down(rows, Int8Code.PANEL_VECTORS, Math.min(most, panels - done), panel + done, done);
            }
            if (vectors % Int8Code.PANEL_VECTORS != 0) {
                down(rows, 1, 1, panel + panels, panels);
            }
        }

        /// Goes down all rows, in tiles of two heights that differ by one.
        ///
        /// @param before panels of C to the left
        private void down(int rows, int vectors, int count, int panel, int before) {
            int tiles = Workers.blocks(rows, routines.tallestInt8());
            int height = rows / tiles;
            int taller = rows % tiles;
            if (taller > 0) {
                call(height + 1, taller, vectors, count, panel, before, 0);
            }
            call(height, tiles - taller, vectors, count, panel, before, taller * (height + 1));
        }

        private void call(int height, int tiles, int vectors, int count, int panel, int before, int row) {
            long vectorBytes = (long) routines.lanes() * Float.BYTES;
            long panelWidth = (long) w.width() * Float.BYTES;
            long width = count * vectors * vectorBytes;
            long aStart = a.start() + row * a.stride();
            long cStart = c.start() + before * panelWidth + row * c.stride();
            MemorySegment bias = w.bias();
            CallArguments.check(a.memory(), aStart, a.stride(), (long) height * tiles, Quantising.rowBytes(w.in()));
            CallArguments.check(w.data(), panel * w.panelBytes(), 0, 1, count * w.panelBytes());
            CallArguments.check(c.memory(), cStart, c.stride(), (long) height * tiles, width);
            if (bias != null) {
                CallArguments.check(bias, panel * panelWidth, 0, 1, width);
            }
            CallArguments.set(arguments, Int8Code.A_START, aStart);
            CallArguments.set(arguments, Int8Code.A_STRIDE, a.stride());
            CallArguments.set(arguments, Int8Code.B_START, panel * w.panelBytes());
            CallArguments.set(arguments, Int8Code.B_ADVANCE, w.panelBytes());
            CallArguments.set(arguments, Int8Code.C_START, cStart);
            CallArguments.set(arguments, Int8Code.C_STRIDE, c.stride());
            CallArguments.set(arguments, Int8Code.BIAS_START, bias == null ? 0 : panel * panelWidth);
            CallArguments.set(arguments, Int8Code.TILES, (long) tiles);
            CallArguments.set(arguments, Int8Code.PANELS, (long) count);
            CallArguments.set(arguments, Int8Code.GROUPS, (long) w.groups());
            routines.int8(new Int8Code(height, vectors, bias != null, activation))
                    .call(arguments, a.memory(), w.data(), c.memory(), bias == null ? MemorySegment.NULL : bias);
        }
    }
}
