// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

import io.encoder4j.kernel.routine.Call;

/// The routines of one vector unit that products and attention are divided into. Each is written when it is first needed.
/// A routine trusts its arguments: only what checks them may call it.
public interface VectorRoutines {

    /// Floats in a vector.
    int lanes();

    /// Rows of the tallest tile of [#gemm].
    int tallest();

    /// Columns of a panel of [#gemm].
    default int panel() {
        return Gemm.PANEL_VECTORS * lanes();
    }

    /// `C = A · B` in tiles, for [Gemm]. It goes down all tiles of rows, then to the next panel of columns. Memory: A, B's panels,
    /// C, and the bias of C's columns or the factors of its rows.
    ///
    /// @param rows     of a tile, 1 to [#tallest]
    /// @param vectors  of columns in a tile, 1 or 2
    /// @param pairs    whether A and B hold pairs of bfloat16 instead of floats
    /// @param epilogue applied to a tile before it is stored
    Call gemm(int rows, int vectors, boolean pairs, Epilogue epilogue);

    /// Turns rows of scores into `e^(scale · score + bias - max)`, and writes one over the sum of each row, for [Softmax]. Where
    /// every key is forbidden, the row becomes zeros and the factor 0. Memory: the scores, the bias (rows of the same length), the
    /// factors, and summands for the last vector: 0 for each key, -∞ after the last one.
    Call softmax(boolean bias);

    /// Turns [#lanes] rows of whole vectors into columns, for [Transpose]. Memory: the rows, the columns.
    Call transpose();

    /// Copies rows of whole vectors, for [RowCopy]. Memory: x, nothing, out; see [RowsArguments].
    Call copy();
}
