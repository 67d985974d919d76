// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.PANEL;
import static io.encoder4j.kernel.vector.Species.PANEL_VECTORS;

import io.encoder4j.kernel.BlockPlan;
import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Panels;
import io.encoder4j.kernel.Precision;
import io.encoder4j.kernel.ScratchPool;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.AttentionBias;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.Rotation;
import io.encoder4j.tensor.Sequences;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// [Kernels] with the Vector API, in float32. Slow until the JIT has compiled them: see [WarmingKernels].
final class VectorKernels implements Kernels {

    /// Bytes of left operand that stay in the second-level cache while the panels of the right one stream past.
    private static final int LEFT_BYTES = 256 << 10;

    private final ScratchPool pool = new ScratchPool();
    private final VectorAttention attention = new VectorAttention(pool);

    @Override
    public String name() {
        return "vector-" + F.vectorBitSize();
    }

    @Override
    public String precision() {
        return Precision.FLOAT32.toString();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        return Panels.pack(arena, weight, bias, PANEL);
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        Panels w = (Panels) weight;
        BlockPlan plan = BlockPlan.of(x.rows(), (long) w.in() * Float.BYTES, LEFT_BYTES, VectorGemm.ROWS, w.count(), workers);
        workers.forEach(plan.count(), index -> {
            BlockPlan.Block block = plan.block(index);
            for (int panel = block.panel(); panel < block.panel() + block.panels(); panel++) {
                panel(x, block.row(), block.rows(), w, panel, activation, out);
            }
        });
    }

    private void panel(Matrix x, int from, int rows, Panels w, int panel, ActivationFunction activation, Matrix out) {
        int column = panel * PANEL;
        int width = Math.min(PANEL, w.out() - column);
        long stride = (long) x.stride() * Float.BYTES;
        if (width == PANEL) {
            long start = out.rowBytes(from) + (long) column * Float.BYTES;
            long outStride = (long) out.stride() * Float.BYTES;
            VectorGemm.multiply(rows, PANEL_VECTORS, w.in(), x.data(), x.rowBytes(from), stride, w.data(),
                    w.start(panel), (long) PANEL * Float.BYTES, out.data(), start, outStride);
            finish(w, column, activation, rows, out.data(), start, outStride);
        } else {
            long bytes = (long) PANEL * Float.BYTES;
            MemorySegment whole = pool.take(rows * bytes);
            VectorGemm.multiply(rows, PANEL_VECTORS, w.in(), x.data(), x.rowBytes(from), stride, w.data(),
                    w.start(panel), bytes, whole, 0, bytes);
            finish(w, column, activation, rows, whole, 0, bytes);
            for (int row = 0; row < rows; row++) {
                MemorySegment.copy(whole, row * bytes, out.data(),
                        out.rowBytes(from + row) + (long) column * Float.BYTES, (long) width * Float.BYTES);
            }
            pool.give(whole);
        }
    }

    /// Adds the bias and applies the activation while the tile is still in the first-level cache.
    private static void finish(Panels w, int column, ActivationFunction activation, int rows, MemorySegment c,
            long start, long stride) {
        for (int row = 0; row < rows; row++, start += stride) {
            if (w.bias() != null) {
                VectorElementwise.addBias(w.bias(), column, c, start, PANEL);
            }
            if (activation != StandardActivation.LINEAR) {
                VectorActivations.activateRow(activation, c, start, c, start, PANEL);
            }
        }
    }

    @Override
    public void gather(Matrix table, int[] rows, Matrix out) {
        VectorElementwise.gather(table, rows, out);
    }

    @Override
    public void add(Matrix a, Matrix b, Matrix out) {
        VectorElementwise.add(a, b, out);
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        VectorElementwise.multiply(a, b, out);
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        VectorElementwise.scale(x, factors, out);
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        VectorElementwise.shift(x, summands, out);
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        VectorActivations.activation(activation, x, out);
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        VectorElementwise.layerNorm(x, weight, bias, eps, out);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        VectorElementwise.rmsNorm(x, weight, eps, out);
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        VectorElementwise.rotate(x, rotation, headSize, out);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences,
            AttentionBias bias, Matrix out, Workers workers) {
        workers.forEach(sequences.count() * heads, task ->
                attention.head(q, k, v, heads, scale, sequences, task / heads, task % heads, bias, out));
    }
}
