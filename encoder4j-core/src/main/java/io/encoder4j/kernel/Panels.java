// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A weight packed into panels of `width` output features. For each input feature the panel's values lie side by side, so
/// that the inner loop reads memory in order. The last panel is padded with zeros.
///
/// @param out    output features
/// @param in     input features
/// @param width  output features in a panel
/// @param data   `[panels][in][width]`, aligned to a cache line
/// @param bias   padded with zeros to whole panels, or null
public record Panels(int out, int in, int width, MemorySegment data, float @Nullable [] bias) implements PackedWeight {

    /// Packs `[out, in]` as checkpoints store it.
    ///
    /// @param arena  owns the packed memory
    /// @param weight `[out, in]`
    /// @param bias   `[out]`, or null
    /// @param width  outputs side by side in a panel
    /// @return the panels
    public static Panels pack(Arena arena, Matrix weight, float @Nullable [] bias, int width) {
        int out = weight.rows();
        int in = weight.cols();
        int panels = Workers.blocks(out, width);
        MemorySegment packed = arena.allocate((long) panels * in * width * Float.BYTES, Matrix.ALIGNMENT);
        float[] rows = new float[width * in];
        float[] panel = new float[width * in];
        for (int p = 0; p < panels; p++) {
            int count = Math.min(width, out - p * width);
            for (int o = 0; o < count; o++) {
                MemorySegment.copy(weight.data(), Matrix.ELEMENT, weight.rowBytes(p * width + o), rows, o * in, in);
            }
            interleave(rows, count, in, panel, width);
            MemorySegment.copy(panel, 0, packed, Matrix.ELEMENT, (long) p * in * width * Float.BYTES, panel.length);
        }
        float[] padded = bias == null ? null : java.util.Arrays.copyOf(bias, panels * width);
        return new Panels(out, in, width, packed, padded);
    }

    // A small loop over arrays: it runs once for every weight, mostly interpreted.
    private static void interleave(float[] rows, int count, int in, float[] panel, int width) {
        java.util.Arrays.fill(panel, 0);
        for (int o = 0; o < count; o++) {
            int from = o * in;
            for (int i = 0, to = o; i < in; i++, to += width) {
                panel[to] = rows[from + i];
            }
        }
    }

    /// {@return number of panels}
    public int count() {
        return Workers.blocks(out, width);
    }

    /// {@return first byte of a panel}
    ///
    /// @param panel its number, from 0
    public long start(int panel) {
        return (long) panel * in * width * Float.BYTES;
    }

    /// A panel copied to the heap, a row for each input feature.
    ///
    /// @param columns how many of the panel's output features
    float[][] rows(int panel, int columns) {
        float[][] rows = new float[in][columns];
        long at = start(panel);
        for (int i = 0; i < in; i++, at += (long) width * Float.BYTES) {
            MemorySegment.copy(data, Matrix.ELEMENT, at, rows[i], 0, columns);
        }
        return rows;
    }
}
