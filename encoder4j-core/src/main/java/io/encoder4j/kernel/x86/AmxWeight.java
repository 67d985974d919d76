// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86;

import io.encoder4j.kernel.Workers;
import io.encoder4j.kernel.routine.Call;
import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A weight in panels for [AmxCode]: those of [PairPanels], with the inner dimension padded with zeros to whole tiles.
///
/// @param out   output features
/// @param in    input features
/// @param parts 1, or 2 for high and low parts
/// @param data  `[panels][parts][steps · 16][32]` pairs
/// @param bias  `[panels · 32]` floats, or null
record AmxWeight(int out, int in, int parts, MemorySegment data, @Nullable MemorySegment bias) implements PackedWeight {

    /// Steps of the inner dimension.
    int steps() {
        return Workers.blocks(in, AmxCode.STEP);
    }

    /// Panels; the last may be padded.
    int panels() {
        return Workers.blocks(out, PairPanels.WIDTH);
    }

    long partBytes() {
        return (long) steps() * AmxCode.STEP / 2 * PairPanels.WIDTH * Integer.BYTES;
    }

    long panelBytes() {
        return parts * partBytes();
    }

    /// @param round     [RoundCode], split if the weight is to be
    /// @param transpose [TransposeCode]
    static AmxWeight pack(Call round, Call transpose, boolean split, Arena arena, Matrix weight, float @Nullable [] bias) {
        int panels = Workers.blocks(weight.rows(), PairPanels.WIDTH);
        int steps = Workers.blocks(weight.cols(), AmxCode.STEP);
        PairPanels filler = new PairPanels(round, transpose, split ? 2 : 1, steps * AmxCode.STEP / 2);
        MemorySegment data = arena.allocate(Math.max(1, panels * filler.parts() * filler.partBytes()), Matrix.ALIGNMENT);
        MemorySegment padded = null;
        if (bias != null) {
            padded = arena.allocate((long) panels * PairPanels.WIDTH * Float.BYTES, Matrix.ALIGNMENT);
            MemorySegment.copy(bias, 0, padded, Matrix.ELEMENT, 0, bias.length);
        }
        filler.fill(weight, data);
        return new AmxWeight(weight.rows(), weight.cols(), filler.parts(), data, padded);
    }
}
