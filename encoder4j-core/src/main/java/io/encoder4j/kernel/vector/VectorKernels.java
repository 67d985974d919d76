// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.vector;

import static io.encoder4j.kernel.vector.Species.F;
import static io.encoder4j.kernel.vector.Species.PANEL;
import static io.encoder4j.kernel.vector.Species.PANEL_VECTORS;

import io.encoder4j.kernel.Kernels;
import io.encoder4j.kernel.Panels;
import io.encoder4j.kernel.PlainKernels;
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

/// [Kernels] with the Vector API, in float32.
///
/// Until the JIT has compiled the vector loops, [PlainKernels] of the same width do the work, with the same bits.
final class VectorKernels implements Kernels {

    /// Bytes of left operand that stay in the second-level cache while the panels of the right one stream past.
    private static final int LEFT_BYTES = 256 << 10;
    /// Blocks per thread, so that an uneven end costs little.
    private static final int BLOCKS_PER_THREAD = 4;

    private final ScratchPool pool = new ScratchPool();
    private final VectorAttention attention = new VectorAttention(pool);
    private final PlainKernels cold = new PlainKernels(Species.LANES);

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
        if (!WarmUp.productsDone() || activation != StandardActivation.LINEAR && !WarmUp.othersDone()) {
            cold.linear(x, weight, activation, out, workers);
            WarmUp.worked((long) x.rows() * weight.in() * weight.out());
            return;
        }
        Panels w = (Panels) weight;
        int tall = Math.max(1, LEFT_BYTES / (w.in() * Float.BYTES) / VectorGemm.ROWS) * VectorGemm.ROWS;
        int rowBlocks = Workers.blocks(x.rows(), tall);
        int panels = w.count();
        int wanted = workers.threads() == 1 ? 1 : workers.threads() * BLOCKS_PER_THREAD;
        int groups = Math.min(panels, Workers.blocks(wanted, Math.max(1, rowBlocks)));
        workers.forEach(rowBlocks * groups, block -> {
            int from = block / groups * tall;
            int rows = Math.min(tall, x.rows() - from);
            int group = block % groups;
            for (int panel = panels * group / groups; panel < panels * (group + 1) / groups; panel++) {
                panel(x, from, rows, w, panel, activation, out);
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
        if (!WarmUp.othersDone()) {
            cold.add(a, b, out);
            return;
        }
        VectorElementwise.add(a, b, out);
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.multiply(a, b, out);
            return;
        }
        VectorElementwise.multiply(a, b, out);
    }

    @Override
    public void scale(Matrix x, float[] factors, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.scale(x, factors, out);
            return;
        }
        VectorElementwise.scale(x, factors, out);
    }

    @Override
    public void shift(Matrix x, float[] summands, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.shift(x, summands, out);
            return;
        }
        VectorElementwise.shift(x, summands, out);
    }

    @Override
    public void activation(ActivationFunction activation, Matrix x, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.activation(activation, x, out);
            return;
        }
        VectorActivations.activation(activation, x, out);
    }

    @Override
    public void layerNorm(Matrix x, float @Nullable [] weight, float @Nullable [] bias, float eps, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.layerNorm(x, weight, bias, eps, out);
            return;
        }
        VectorElementwise.layerNorm(x, weight, bias, eps, out);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.rmsNorm(x, weight, eps, out);
            return;
        }
        VectorElementwise.rmsNorm(x, weight, eps, out);
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, int headSize, Matrix out) {
        if (!WarmUp.othersDone()) {
            cold.rotate(x, rotation, headSize, out);
            return;
        }
        VectorElementwise.rotate(x, rotation, headSize, out);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, int heads, float scale, Sequences sequences,
            AttentionBias bias, Matrix out, Workers workers) {
        if (!WarmUp.othersDone()) {
            cold.attention(q, k, v, heads, scale, sequences, bias, out, workers);
            return;
        }
        workers.forEach(sequences.count() * heads, task ->
                attention.head(q, k, v, heads, scale, sequences, task / heads, task % heads, bias, out));
    }
}
