// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.machine;

/// The arguments of routines that go along rows: `out = f(x, y)`. Memory: x, y and out.
public final class RowsArguments {

    public static final int X_START = 0;
    public static final int X_STRIDE = 1;
    public static final int Y_START = 2;
    public static final int Y_STRIDE = 3;
    public static final int OUT_START = 4;
    public static final int OUT_STRIDE = 5;
    public static final int ROWS = 6;
    public static final int VECTORS = 7;
    /// A float: the number of columns.
    public static final int COLUMNS = 8;
    /// A double.
    public static final int EPS = 9;
    /// A double: 1.
    public static final int ONE = 10;
    /// Bytes from a norm's weight to its bias.
    public static final int BIAS = 11;

    private RowsArguments() { }
}
