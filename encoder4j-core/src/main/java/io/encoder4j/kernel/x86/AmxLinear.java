// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.BlockPlan;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/// The linear layer on AMX: blocks of rows, rounded to bfloat16 into scratch memory, by groups of the weight's panels.
///
/// @param products    gives the routine for a code
/// @param round       [RoundCode], split if the weights are
/// @param elementwise computes the activations that a product cannot end with
/// @param rest        computes the activations that have no routine
record AmxLinear(Function<AmxCode, Call> products, Call round, ScratchPool pool, Elementwise elementwise, Kernels rest) {

    /// Bytes of left operand that stay in the second-level cache while the panels of the right one stream past.
    private static final int LEFT_BYTES = 512 << 10;
    /// Bytes of panels for one call, so that it stays short.
    private static final long GROUP_BYTES = 192 << 10;
    private static final int LANES = 16;
    private static final int TALL = 2 * AmxCode.TILE_ROWS;
    private static final int LINE = 64;

    /// The parts of a block of scratch: arguments and finished tiles, the high and the low parts of A `[rows][stride]`, then
    /// C if its last columns are no whole vector.
    private record Plan(int rows, int in, int parts) {

        int steps() {
            return Workers.blocks(in, AmxCode.STEP);
        }

        /// An odd number of cache lines, so that the rows of a tile do not meet in one set of the cache.
        static long stride(int in) {
            long lines = Workers.blocks(in, AmxCode.STEP);
            return (lines | 1) * LINE;
        }

        long stride() {
            return stride(in);
        }

        long partBytes() {
            return Rounding.padded(rows, AmxCode.TILE_ROWS) * stride();
        }

        long left() {
            return AmxCode.SCRATCH_BYTES;
        }

        long result() {
            return left() + parts * partBytes();
        }
    }

    void apply(Matrix x, AmxWeight w, ActivationFunction activation, Matrix out, Workers workers) {
        BlockPlan blocks = BlockPlan.of(x.rows(), w.parts() * Plan.stride(w.in()), LEFT_BYTES, TALL, w.panels(), workers);
        workers.forEach(blocks.count(), block -> apply(x, w, activation, out, blocks.block(block)));
    }

    private void apply(Matrix x, AmxWeight w, ActivationFunction activation, Matrix out, BlockPlan.Block block) {
        int first = block.panel() * PairPanels.WIDTH;
        int columns = Math.min(w.out() - first, block.panels() * PairPanels.WIDTH);
        int vectors = Workers.blocks(columns, LANES);
        boolean ragged = columns % LANES != 0;
        long whole = (long) vectors * LANES * Float.BYTES;
        Plan plan = new Plan(block.rows(), w.in(), w.parts());
        MemorySegment scratch = pool.take(plan.result() + (ragged ? block.rows() * whole : 0));
        try {
            round(x.rows(block.row(), block.row() + block.rows()), plan, scratch);
            boolean fused = MathCode.fits(activation);
            StandardActivation last = fused ? (StandardActivation) activation : StandardActivation.LINEAR;
            Gemm.Operand c = ragged ? new Gemm.Operand(scratch, plan.result(), whole)
                    : new Gemm.Operand(out.data(), out.rowBytes(block.row()) + (long) first * Float.BYTES,
                            (long) out.stride() * Float.BYTES);
            multiply(w, block.panel(), vectors, last, plan, c, scratch);
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

    private void round(Matrix rows, Plan plan, MemorySegment scratch) {
        new Rounding(round, plan.parts > 1, scratch).round(rows,
                new Rounding.Target(scratch, plan.left(), plan.stride(), plan.parts > 1 ? plan.partBytes() : 0),
                plan.steps() * AmxCode.STEP);
        // Rows that only pad a tile: their results are not used, but the tile instructions read them.
        long filled = plan.rows * plan.stride();
        for (int part = 0; part < plan.parts; part++) {
            scratch.asSlice(plan.left() + part * plan.partBytes() + filled, plan.partBytes() - filled).fill((byte) 0);
        }
    }

    /// Multiplies all rows by some panels: rows in pairs of blocks, the last perhaps single; columns in whole panels, the last
    /// perhaps one vector.
    private void multiply(AmxWeight w, int panel, int vectors, StandardActivation activation, Plan plan, Gemm.Operand c,
            MemorySegment scratch) {
        int left = plan.rows % TALL;
        int tall = left > AmxCode.TILE_ROWS ? plan.rows : plan.rows - left;
        int group = (int) Math.max(1, GROUP_BYTES / w.panelBytes());
        int panels = vectors / 2;
        for (int i = 0; i < panels; i += group) {
            Part part = new Part(panel + i, i * PairPanels.WIDTH, Math.min(group, panels - i), 2);
            call(w, part, 0, tall, activation, plan, c, scratch);
            call(w, part, tall, plan.rows - tall, activation, plan, c, scratch);
        }
        if (vectors % 2 != 0) {
            Part part = new Part(panel + panels, panels * PairPanels.WIDTH, 1, 1);
            call(w, part, 0, tall, activation, plan, c, scratch);
            call(w, part, tall, plan.rows - tall, activation, plan, c, scratch);
        }
    }

    /// Panels of a call.
    ///
    /// @param column  of C where they begin
    /// @param vectors of columns in each
    private record Part(int panel, int column, int panels, int vectors) { }

    private void call(AmxWeight w, Part part, int row, int rows, StandardActivation activation, Plan plan, Gemm.Operand to,
            MemorySegment scratch) {
        if (rows == 0) {
            return;
        }
        int blocks = row == 0 && rows > AmxCode.TILE_ROWS ? 2 : 1;
        MemorySegment bias = w.bias();
        long width = (long) part.panels * part.vectors * LANES * Float.BYTES;
        long biasStart = (long) part.panel * PairPanels.WIDTH * Float.BYTES;
        Gemm.Operand a = new Gemm.Operand(scratch, plan.left(), plan.stride()).row(row);
        Gemm.Operand c = to.row(row).plus((long) part.column * Float.BYTES);
        check(w, part, rows, blocks, plan, a, c);
        if (bias != null) {
            CallArguments.check(bias, biasStart, 0, 1, width);
        }
        CallArguments.set(scratch, AmxCode.A_START, a.start());
        CallArguments.set(scratch, AmxCode.A_STRIDE, a.stride());
        CallArguments.set(scratch, AmxCode.A_LOW, plan.parts > 1 ? plan.partBytes() : 0);
        CallArguments.set(scratch, AmxCode.B_START, part.panel * w.panelBytes());
        CallArguments.set(scratch, AmxCode.B_LOW, plan.parts > 1 ? w.partBytes() : 0);
        CallArguments.set(scratch, AmxCode.B_ADVANCE, w.panelBytes());
        CallArguments.set(scratch, AmxCode.C_START, c.start());
        CallArguments.set(scratch, AmxCode.C_STRIDE, c.stride());
        CallArguments.set(scratch, AmxCode.BIAS_START, bias == null ? 0 : biasStart);
        CallArguments.set(scratch, AmxCode.ROWS, (long) rows);
        CallArguments.set(scratch, AmxCode.PANELS, (long) part.panels);
        CallArguments.set(scratch, AmxCode.STEPS, (long) plan.steps());
        products.apply(new AmxCode(blocks, part.vectors, plan.parts > 1, bias != null, activation))
                .call(scratch, scratch, w.data(), c.memory(), bias == null ? MemorySegment.NULL : bias);
    }

    /// Checks that the routine stays inside its operands: it reads A in whole blocks and B in whole panels.
    private static void check(AmxWeight w, Part part, int rows, int blocks, Plan plan, Gemm.Operand a, Gemm.Operand c) {
        int read = Rounding.padded(rows, blocks * AmxCode.TILE_ROWS);
        long rowBytes = (long) plan.steps() * AmxCode.STEP_BYTES;
        for (int i = 0; i < plan.parts; i++) {
            CallArguments.check(a.memory(), a.start() + i * plan.partBytes(), a.stride(), read, rowBytes);
        }
        CallArguments.check(a.memory(), 0, 0, 1, AmxCode.SCRATCH_BYTES);
        CallArguments.check(w.data(), part.panel * w.panelBytes(), 0, 1, part.panels * w.panelBytes());
        CallArguments.check(c.memory(), c.start(), c.stride(), rows, (long) part.panels * part.vectors * LANES * Float.BYTES);
    }
}
