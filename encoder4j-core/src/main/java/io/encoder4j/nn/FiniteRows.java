// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Matrix;

/// Looks at a row of a table when it is first used: a value that is not finite is told by tensor and index before anything
/// is computed from it. The table of a large vocabulary stays mapped that way, and what no text needs is never read.
public final class FiniteRows {

    private final String tensor;
    private final Matrix table;
    // Written without order: a row that two threads meet at once is looked at twice.
    private final boolean[] known;

    /// @param tensor the table's name in the checkpoint
    /// @param table  `[V, H]`
    public FiniteRows(String tensor, Matrix table) {
        this.tensor = tensor;
        this.table = table;
        known = new boolean[table.rows()];
    }

    /// Refuses rows with values that are not finite.
    ///
    /// @throws NonFiniteWeightException naming the first
    void require(int[] rows) {
        for (int i = 0; i < rows.length; i++) {
            if (!known[rows[i]]) {
                look(rows[i], i);
                known[rows[i]] = true;
            }
        }
    }

    private void look(int row, int token) {
        for (int col = 0; col < table.cols(); col++) {
            if (!Float.isFinite(table.get(row, col))) {
                throw new NonFiniteWeightException(tensor + " is not finite at [" + row + ", " + col + "]: "
                        + table.get(row, col) + "; the checkpoint is damaged, fetch or export it again", token);
            }
        }
    }
}
