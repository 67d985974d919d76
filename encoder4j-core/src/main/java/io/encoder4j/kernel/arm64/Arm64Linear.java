// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64;

import io.encoder4j.kernel.BlockPlan;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Panels;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.machine.CallArguments;
import io.encoder4j.kernel.machine.Epilogue;
import io.encoder4j.kernel.machine.Gemm;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.MemorySegment;

/// The linear layer: blocks of rows by groups of the weight's panels.
///
/// @param rest computes the activations that have no code
record Arm64Linear(Arm64Routines routines, ScratchPool pool, Kernels rest) {

    /// Bytes of left operand that stay in the second-level cache while the panels of the right one stream past.
    private static final int LEFT_BYTES = 256 << 10;

    void apply(Matrix x, Panels w, ActivationFunction activation, Matrix out, Workers workers) {
        BlockPlan plan = BlockPlan.of(x.rows(), (long) w.in() * Float.BYTES, LEFT_BYTES, routines.tallest(), w.count(), workers);
        workers.forEach(plan.count(), block -> apply(x, w, activation, out, plan.block(block)));
    }

    private void apply(Matrix x, Panels w, ActivationFunction activation, Matrix out, BlockPlan.Block block) {
        int first = block.panel() * w.width();
        int columns = Math.min(w.out() - first, block.panels() * w.width());
        int vectors = Workers.blocks(columns, routines.lanes());
        int whole = vectors * routines.lanes();
        boolean ragged = columns != whole;
        float[] bias = w.bias();
        // Behind the arguments: the columns' bias, and the columns of an incomplete last vector.
        long biasBytes = bias == null ? 0 : (long) whole * Float.BYTES;
        long rowBytes = (long) whole * Float.BYTES;
        MemorySegment scratch = pool.take(CallArguments.BYTES + biasBytes + (ragged ? block.rows() * rowBytes : 0));
        try {
            if (bias != null) {
                MemorySegment.copy(bias, first, scratch, Matrix.ELEMENT, CallArguments.BYTES, whole);
            }
            boolean fused = MathCode.has(activation);
            Epilogue epilogue = new Epilogue.Finish(bias != null,
                    fused ? (StandardActivation) activation : StandardActivation.LINEAR);
            Gemm.Operand to = ragged ? new Gemm.Operand(scratch, CallArguments.BYTES + biasBytes, rowBytes)
                    : new Gemm.Operand(out.data(), out.rowBytes(block.row()) + (long) first * Float.BYTES,
                            (long) out.stride() * Float.BYTES);
            new Gemm(routines, scratch, false, epilogue).multiply(block.rows(), w.in(), vectors,
                    new Gemm.Operand(x.data(), x.rowBytes(block.row()), (long) x.stride() * Float.BYTES),
                    new Gemm.Right(w.data(), w.start(block.panel()), w.start(1), scratch, CallArguments.BYTES), to);
            Matrix done = out.rows(block.row(), block.row() + block.rows()).columns(first, first + columns);
            for (int row = 0; ragged && row < block.rows(); row++) {
                MemorySegment.copy(scratch, to.start() + row * rowBytes, out.data(), done.rowBytes(row),
                        (long) columns * Float.BYTES);
            }
            if (!fused) {
                rest.activation(activation, done, done);
            }
        } finally {
            pool.give(scratch);
        }
    }
}
