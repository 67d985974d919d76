// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import java.lang.foreign.MemorySegment;

/// Calls [VectorRoutines#softmax].
///
/// @param routines  of a vector unit
/// @param arguments scratch memory that begins with [CallArguments]
public record Softmax(VectorRoutines routines, MemorySegment arguments) {

    /// Stands for the place of a bias that there is not.
    public static final long NO_BIAS = -1;

    // The arguments of a call.
    public static final int SCORES_START = 0;
    public static final int SCORES_STRIDE = 1;
    public static final int BIAS_START = 2;
    public static final int BIAS_STRIDE = 3;
    public static final int FACTORS_START = 4;
    public static final int TAIL_START = 5;
    public static final int ROWS = 6;
    /// Vectors of a row but the last.
    public static final int VECTORS = 7;
    /// A float.
    public static final int SCALE = 8;

    /// Turns rows of scores into exponentials, and writes a factor for each row.
    ///
    /// @param memory  holds everything
    /// @param scores  first byte of the rows
    /// @param bias    first byte of the bias's rows, or [#NO_BIAS]
    /// @param stride  bytes from one row to the next, of scores and of the bias
    /// @param vectors of a row, at least one
    /// @param factors first byte of the rows' factors
    /// @param tail    first byte of the summands for the last vector
    public void apply(MemorySegment memory, long scores, long bias, long stride, int rows, int vectors, long factors, long tail,
            float scale) {
        long vectorBytes = (long) routines.lanes() * Float.BYTES;
        CallArguments.check(memory, scores, stride, rows, vectors * vectorBytes);
        CallArguments.check(memory, factors, 0, 1, (long) rows * Float.BYTES);
        CallArguments.check(memory, tail, 0, 1, vectorBytes);
        boolean biased = bias != NO_BIAS;
        if (biased) {
            CallArguments.check(memory, bias, stride, rows, vectors * vectorBytes);
        }
        CallArguments.set(arguments, SCORES_START, scores);
        CallArguments.set(arguments, SCORES_STRIDE, stride);
        CallArguments.set(arguments, BIAS_START, biased ? bias : 0);
        CallArguments.set(arguments, BIAS_STRIDE, biased ? stride : 0);
        CallArguments.set(arguments, FACTORS_START, factors);
        CallArguments.set(arguments, TAIL_START, tail);
        CallArguments.set(arguments, ROWS, rows);
        CallArguments.set(arguments, VECTORS, vectors - 1);
        CallArguments.set(arguments, SCALE, scale);
        routines.softmax(biased).call(arguments, memory, memory, memory, memory);
    }
}
