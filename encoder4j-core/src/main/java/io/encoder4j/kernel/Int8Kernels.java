// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.ActivationFunction;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import io.encoder4j.tensor.StandardActivation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// [Precision#INT8] on any float32 kernels, for machines without instructions for it: the same bits, but not faster, and no smaller.
/// The float32 kernels multiply the whole numbers, group by group. These sums are exact in float32, in any order.
final class Int8Kernels extends DelegatingKernels {

    /// Rows computed together, so that their sums stay in the cache.
    private static final int ROWS = 32;

    private final Kernels float32;
    private final ScratchPool pool = new ScratchPool();

    Int8Kernels(Kernels float32) {
        this.float32 = float32;
    }

    /// A weight in whole numbers.
    ///
    /// @param groups for each group `[out, 64]`, packed by the float32 kernels
    /// @param scales `[groups][out]`
    private record Groups(int out, int in, PackedWeight[] groups, float[][] scales, float @Nullable [] bias)
            implements PackedWeight { }

    @Override
    protected Kernels others() {
        return float32;
    }

    @Override
    public String name() {
        return float32.name();
    }

    @Override
    public String precision() {
        return Precision.INT8.toString();
    }

    @Override
    public PackedWeight pack(Arena arena, Matrix weight, float @Nullable [] bias) {
        Int8Weight int8 = Int8Weight.of(weight, bias);
        if (int8.kept().isPresent()) {
            return float32.pack(arena, weight, bias);
        }
        PackedWeight[] groups = new PackedWeight[Int8.groups(weight.cols())];
        float[][] scales = new float[groups.length][weight.rows()];
        for (int g = 0; g < groups.length; g++) {
            int from = g * Int8.GROUP;
            int width = Math.min(weight.cols(), from + Int8.GROUP) - from;
            float[] whole = new float[weight.rows() * width];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = int8.whole()[i / width][from + i % width];
            }
            groups[g] = float32.pack(arena, Matrix.of(weight.rows(), width, whole), null);
            scales[g] = PlainKernels.column(int8.scales(), g);
        }
        return new Groups(weight.rows(), weight.cols(), groups, scales, int8.bias());
    }

    @Override
    public void linear(Matrix x, PackedWeight weight, ActivationFunction activation, Matrix out, Workers workers) {
        if (!(weight instanceof Groups groups)) {
            float32.linear(x, weight, activation, out, workers);
            return;
        }
        workers.forEach(Workers.blocks(x.rows(), ROWS), block -> {
            int from = block * ROWS;
            int to = Math.min(x.rows(), from + ROWS);
            rows(x.rows(from, to), groups, activation, out.rows(from, to));
        });
    }

    private void rows(Matrix x, Groups weight, ActivationFunction activation, Matrix out) {
        int count = x.rows();
        long whole = (long) count * x.cols();
        MemorySegment scratch = pool.take((whole + (long) count * weight.out) * Float.BYTES);
        try {
            Matrix left = new Matrix(scratch, 0, count, x.cols(), x.cols());                    // [rows, in]
            Matrix product = new Matrix(scratch, whole, count, weight.out, weight.out);         // [rows, out]
            float[][] scales = new float[count][weight.groups.length];
            for (int row = 0; row < count; row++) {
                float[] values = x.row(row);
                Int8.row(values, values, scales[row]);
                left.setRow(row, values, 0);
            }
            float[][] sums = new float[count][weight.out];
            float[] exact = new float[weight.out];
            for (int g = 0; g < weight.groups.length; g++) {
                int from = g * Int8.GROUP;
                float32.linear(left.columns(from, Math.min(x.cols(), from + Int8.GROUP)), weight.groups[g],
                        StandardActivation.LINEAR, product, Workers.single());
                for (int row = 0; row < count; row++) {
                    MemorySegment.copy(scratch, Matrix.ELEMENT, product.rowBytes(row), exact, 0, exact.length);
                    add(exact, weight.scales[g], scales[row][g], sums[row]);
                }
            }
            for (int row = 0; row < count; row++) {
                add(sums[row], weight.bias);
                out.setRow(row, sums[row], 0);
            }
            float32.activation(activation, out, out);
        } finally {
            pool.give(scratch);
        }
    }

    private static void add(float[] exact, float[] scales, float other, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.fma(exact[i] * scales[i], other, sums[i]);
        }
    }

    private static void add(float[] sums, float @Nullable [] bias) {
        for (int i = 0; bias != null && i < sums.length; i++) {
            sums[i] += bias[i];
        }
    }
}
