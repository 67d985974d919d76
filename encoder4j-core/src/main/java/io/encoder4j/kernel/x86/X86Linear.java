// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.BlockPlan;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The linear layer: blocks of rows by groups of the weight's panels.
///
/// @param rest computes the activations that have no routine
record X86Linear(Routines routines, ScratchPool pool, Elementwise elementwise, Kernels rest) {

    /// Bytes of left operand that stay in the second-level cache while the panels of the right one stream past.
    private static final int LEFT_BYTES = 256 << 10;

    void apply(Matrix x, X86Weight w, ActivationFunction activation, Matrix out, Workers workers) {
        BlockPlan plan = BlockPlan.of(x.rows(), (long) w.in() * Float.BYTES, LEFT_BYTES, routines.tallest(), w.panels(), workers);
        workers.forEach(plan.count(), block -> apply(x, w, activation, out, plan.block(block)));
    }

    private void apply(Matrix x, X86Weight w, ActivationFunction activation, Matrix out, BlockPlan.Block block) {
        int first = block.panel() * w.width();
        int columns = Math.min(w.out() - first, block.panels() * w.width());
        int vectors = Workers.blocks(columns, routines.lanes());
        long leftBytes = w.pairs() ? block.rows() * leftStride(w) : 0;
        boolean ragged = columns % routines.lanes() != 0;
        long whole = (long) vectors * routines.lanes() * Float.BYTES;
        MemorySegment scratch = pool.take(CallArguments.BYTES + leftBytes + (ragged ? block.rows() * whole : 0));
        try {
            boolean fused = MathCode.fits(activation);
            Gemm gemm = new Gemm(routines, scratch, w.pairs(), new Epilogue.Finish(w.bias() != null,
                    fused ? (StandardActivation) activation : StandardActivation.LINEAR));
            Gemm.Operand a = w.pairs() ? rounded(x, block, w, scratch)
                    : new Gemm.Operand(x.data(), x.rowBytes(block.row()), (long) x.stride() * Float.BYTES);
            Gemm.Right b = new Gemm.Right(w.data(), block.panel() * w.panelBytes(), w.panelBytes(), extra(w.bias()),
                    (long) first * Float.BYTES);
            Gemm.Operand c = ragged ? new Gemm.Operand(scratch, CallArguments.BYTES + leftBytes, whole)
                    : new Gemm.Operand(out.data(), out.rowBytes(block.row()) + (long) first * Float.BYTES,
                            (long) out.stride() * Float.BYTES);
            gemm.multiply(block.rows(), w.steps(), vectors, a, b, c);
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

    private static MemorySegment extra(@Nullable MemorySegment bias) {
        return bias == null ? MemorySegment.NULL : bias;
    }

    /// Bytes of a row of the left operand in bfloat16.
    private static long leftStride(X86Weight w) {
        return (long) Rounding.padded(w.in(), RoundCode.LANES) * Short.BYTES;
    }

    /// Rounds the block's rows to bfloat16, into the scratch behind the arguments.
    private Gemm.Operand rounded(Matrix x, BlockPlan.Block block, X86Weight w, MemorySegment scratch) {
        Gemm.Operand to = new Gemm.Operand(scratch, CallArguments.BYTES, leftStride(w));
        new Rounding(routines.round(new RoundCode(false)), false, scratch).round(x.rows(block.row(), block.row() + block.rows()),
                new Rounding.Target(scratch, to.start(), to.stride(), 0), Rounding.padded(w.in(), RoundCode.LANES));
        return to;
    }
}
