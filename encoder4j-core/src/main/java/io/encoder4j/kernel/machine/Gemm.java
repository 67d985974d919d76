// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.kernel.Workers;
import java.lang.foreign.MemorySegment;

/// Calls [VectorRoutines#gemm] for any number of rows and panels. Rows are divided into tiles of nearly the same height, because a tile of
/// one or two rows would leave most of the processor's arithmetic idle. Panels are divided into groups that stay in the cache
/// while tiles of both heights go over them.
///
/// @param routines  of the vector unit
/// @param arguments scratch memory that begins with [CallArguments]
/// @param pairs     whether the operands are pairs of bfloat16
/// @param epilogue  applied to a tile before it is stored
public record Gemm(VectorRoutines routines, MemorySegment arguments, boolean pairs, Epilogue epilogue) {

    /// Vectors in a row of a panel.
    public static final int PANEL_VECTORS = 2;

    // The arguments of a call.
    public static final int A_START = 0;
    public static final int A_STRIDE = 1;
    public static final int B_START = 2;
    public static final int B_ADVANCE = 3;
    public static final int C_START = 4;
    public static final int C_STRIDE = 5;
    public static final int EXTRA_START = 6;
    public static final int TILES = 7;
    public static final int PANELS = 8;
    public static final int STEPS = 9;
    /// The first of two that a routine may use for itself.
    public static final int OWN = 10;

    /// Bytes of B for one call, so that they stay in the second-level cache and the call stays short.
    private static final long GROUP_BYTES = 192 << 10;

    /// A or C.
    ///
    /// @param start  first byte
    /// @param stride bytes between rows
    public record Operand(MemorySegment memory, long start, long stride) {

        /// The same, so many bytes later.
        public Operand plus(long bytes) {
            return new Operand(memory, start + bytes, stride);
        }

        /// The operand from a row on.
        public Operand row(int row) {
            return plus(row * stride);
        }
    }

    /// Panels of B, and the memory that the epilogue reads, from the bias of the first column or the factor of the first row on.
    ///
    /// @param start      first byte of the first panel
    /// @param panelBytes from one panel to the next
    public record Right(MemorySegment memory, long start, long panelBytes, MemorySegment extra, long extraStart) { }

    /// `C = A · B`.
    ///
    /// @param steps   inner dimension; pairs count as one
    /// @param vectors of columns: whole panels, and perhaps one vector of the last panel
    public void multiply(int rows, int steps, int vectors, Operand a, Right b, Operand c) {
        int panels = vectors / PANEL_VECTORS;
        int group = (int) Math.max(1, GROUP_BYTES / Math.max(1, usedBytes(steps)));
        for (int panel = 0; panel < panels; panel += group) {
            down(rows, steps, PANEL_VECTORS, Math.min(group, panels - panel), a, b, c, panel);
        }
        if (vectors % PANEL_VECTORS != 0) {
            down(rows, steps, 1, 1, a, b, c, panels);
        }
    }

    private int vectorBytes() {
        return routines.lanes() * Float.BYTES;
    }

    /// Bytes of a panel that are read by so many steps.
    private long usedBytes(int steps) {
        return (long) steps * PANEL_VECTORS * vectorBytes();
    }

    /// Goes down all rows, in tiles of two heights that differ by one, over `count` panels from `panel` on.
    private void down(int rows, int steps, int vectors, int count, Operand a, Right b, Operand c, int panel) {
        int tiles = Workers.blocks(rows, routines.tallest());
        int height = rows / tiles;
        int taller = rows % tiles;
        if (taller > 0) {
            call(height + 1, taller, steps, vectors, count, a, b, c, panel, 0);
        }
        call(height, tiles - taller, steps, vectors, count, a, b, c, panel, taller * (height + 1));
    }

    // Offsets are plain numbers: this runs several times for each head, and objects would be allocated every time.
    private void call(int height, int tiles, int steps, int vectors, int count, Operand a, Right b, Operand c, int panel,
            int row) {
        boolean factors = epilogue instanceof Epilogue.Factors;
        long column = (long) panel * PANEL_VECTORS * vectorBytes();
        long width = (long) count * vectors * vectorBytes();
        int rows = height * tiles;
        long aStart = a.start + row * a.stride;
        long bStart = b.start + panel * b.panelBytes;
        long cStart = c.start + column + row * c.stride;
        long extra = b.extraStart + (factors ? (long) row * Float.BYTES : column);
        CallArguments.check(a.memory, aStart, a.stride, rows, (long) steps * Float.BYTES);
        CallArguments.check(b.memory, bStart, b.panelBytes, count, usedBytes(steps));
        CallArguments.check(c.memory, cStart, c.stride, rows, width);
        if (factors || epilogue instanceof Epilogue.Finish(boolean bias, var _) && bias) {
            CallArguments.check(b.extra, extra, 0, 1, factors ? (long) rows * Float.BYTES : width);
        }
        CallArguments.set(arguments, A_START, aStart);
        CallArguments.set(arguments, A_STRIDE, a.stride);
        CallArguments.set(arguments, B_START, bStart);
        CallArguments.set(arguments, B_ADVANCE, b.panelBytes);
        CallArguments.set(arguments, C_START, cStart);
        CallArguments.set(arguments, C_STRIDE, c.stride);
        CallArguments.set(arguments, EXTRA_START, extra);
        CallArguments.set(arguments, TILES, tiles);
        CallArguments.set(arguments, PANELS, count);
        CallArguments.set(arguments, STEPS, steps);
        routines.gemm(height, vectors, pairs, epilogue).call(arguments, a.memory, b.memory, c.memory, b.extra);
    }
}
