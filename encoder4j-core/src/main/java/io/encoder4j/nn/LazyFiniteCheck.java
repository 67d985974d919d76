// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.nn;

import io.encoder4j.tensor.Matrix;
import io.encoder4j.tensor.Parameter;
import org.jspecify.annotations.Nullable;

/// Checks a row of a table when it is first used: an infinite or undefined value is reported with tensor and index before
/// anything is computed from it. So the table of a large vocabulary stays mapped, and rows that no text needs are never read.
public final class LazyFiniteCheck {

    // Written without locks: two threads may check the same row.
    private record Checked(int version, boolean[] rows) { }

    private final Parameter table;
    private volatile @Nullable Checked checked;

    /// A check of a table none of whose rows has been looked at.
    ///
    /// @param table `[V, H]`
    public LazyFiniteCheck(Parameter table) {
        this.table = table;
    }

    /// Refuses rows with values that are not finite.
    ///
    /// @throws NonFiniteWeightException naming the first
    void require(int[] rows) {
        Checked known = checked;
        if (known == null || known.version != table.version()) {
            known = new Checked(table.version(), new boolean[table.size()]);
            checked = known;
        }
        for (int i = 0; i < rows.length; i++) {
            if (!known.rows[rows[i]]) {
                check(rows[i], i);
                known.rows[rows[i]] = true;
            }
        }
    }

    private void check(int row, int token) {
        Matrix values = table.matrix();                                                         // [V, H]
        for (int col = 0; col < values.cols(); col++) {
            if (!Float.isFinite(values.get(row, col))) {
                throw new NonFiniteWeightException(table.name() + " is not finite at [" + row + ", " + col + "]: "
                        + values.get(row, col) + "; the checkpoint is damaged, fetch or export it again", token);
            }
        }
    }
}
