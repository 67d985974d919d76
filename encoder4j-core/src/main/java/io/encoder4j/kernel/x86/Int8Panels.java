// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Int8;
import io.encoder4j.kernel.Int8Rows;
import io.encoder4j.kernel.Workers;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A weight of whole numbers in panels of output features, for [Int8Code]. A group of a panel has eighteen rows of four bytes for
/// each output feature: sixteen with four input features each, one with the negative sum of all of them (16 bits, then 16 zero
/// bits), one with the scale. So a weight takes 1.125 bytes. The last panel and the last group are padded with zeros.
///
/// @param out   output features
/// @param in    input features
/// @param width output features in a panel
/// @param data  `[panels][groups][18][width]`, four bytes each
/// @param bias  `[panels · width]` floats, or null
record Int8Panels(int out, int in, int width, MemorySegment data, @Nullable MemorySegment bias) implements PackedWeight {

    private static final int ROWS = Int8Code.STEPS + 2;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    int groups() {
        return Int8.groups(in);
    }

    /// Panels; the last may be padded.
    int panels() {
        return Workers.blocks(out, width);
    }

    long panelBytes() {
        return (long) groups() * ROWS * width * Integer.BYTES;
    }

    /// Quantises and packs.
    ///
    /// @return empty if the layer is better kept in float32
    static Optional<Int8Panels> pack(int width, Arena arena, Matrix weight, float @Nullable [] bias) {
        Int8Rows rows = new Int8Rows(weight);
        int panels = Workers.blocks(weight.rows(), width);
        int[] panel = new int[Int8.groups(weight.cols()) * ROWS * width];
        long panelBytes = (long) panel.length * Integer.BYTES;
        MemorySegment data = arena.allocate(Math.max(1, panels * panelBytes), Matrix.ALIGNMENT);
        for (int p = 0; p < panels; p++) {
            Arrays.fill(panel, 0);
            for (int o = 0; o < Math.min(width, weight.rows() - p * width); o++) {
                rows.quantise(p * width + o);
                fill(panel, o, width, rows.whole(), rows.scales());
            }
            MemorySegment.copy(panel, 0, data, INT, p * panelBytes, panel.length);
        }
        if (rows.kept().isPresent()) {
            return Optional.empty();
        }
        MemorySegment padded = null;
        if (bias != null) {
            padded = arena.allocate((long) panels * width * Float.BYTES, Matrix.ALIGNMENT);
            MemorySegment.copy(bias, 0, padded, Matrix.ELEMENT, 0, bias.length);
        }
        return Optional.of(new Int8Panels(weight.rows(), weight.cols(), width, data, padded));
    }

    /// Fills in an output feature.
    private static void fill(int[] panel, int feature, int width, byte[] whole, float[] scales) {
        for (int group = 0; group < scales.length; group++) {
            int at = group * ROWS * width + feature;
            int from = group * Int8.GROUP;
            int count = Math.min(Int8.GROUP, whole.length - from);
            int sum = 0;
            for (int i = 0; i < count; i++) {
                int value = whole[from + i];
                sum += value;
                panel[at + i / 4 * width] |= (value & 0xFF) << 8 * (i % 4);
            }
            panel[at + Int8Code.STEPS * width] = -sum & 0xFFFF;
            panel[at + (Int8Code.STEPS + 1) * width] = Float.floatToRawIntBits(scales[group]);
        }
    }
}
