// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

/// How the output of a linear layer is divided into blocks, which threads take one after the other. A block is some rows by
/// some panels of the packed weight. Its rows of the left operand stay in the second-level cache while the panels stream
/// past. There are several blocks for each thread, so that threads end at nearly the same time.
///
/// @param rows   rows of the output
/// @param tall   rows of a block; the last blocks may have fewer
/// @param panels panels of the weight
/// @param groups groups of neighbouring panels, of nearly the same size
public record BlockPlan(int rows, int tall, int panels, int groups) {

    private static final int BLOCKS_PER_THREAD = 4;

    /// Rows and panels computed together.
    ///
    /// @param row    first row
    /// @param rows   number of rows
    /// @param panel  first panel
    /// @param panels number of panels
    public record Block(int row, int rows, int panel, int panels) { }

    /// {@return a plan whose blocks have whole tiles of rows}
    ///
    /// @param rows      rows of the product
    /// @param rowBytes  bytes of a row of the left operand
    /// @param leftBytes bytes of the left operand that fit into the cache beside the panels
    /// @param tile      rows of a tile
    /// @param panels    panels of the weight
    /// @param workers   the threads that share the blocks
    public static BlockPlan of(int rows, long rowBytes, int leftBytes, int tile, int panels, Workers workers) {
        int tall = (int) Math.max(1, leftBytes / Math.max(Float.BYTES, rowBytes) / tile) * tile;
        int wanted = workers.threads() == 1 ? 1 : workers.threads() * BLOCKS_PER_THREAD;
        int rowBlocks = Math.max(1, Workers.blocks(rows, tall));
        return new BlockPlan(rows, tall, panels, Math.min(panels, Workers.blocks(wanted, rowBlocks)));
    }

    /// {@return number of blocks; none if there are no rows or no panels}
    public int count() {
        return Workers.blocks(rows, tall) * groups;
    }

    /// {@return block `index` of [#count]}
    ///
    /// @param index from 0
    public Block block(int index) {
        int row = index / groups * tall;
        int group = index % groups;
        int panel = panels * group / groups;
        return new Block(row, Math.min(tall, rows - row), panel, panels * (group + 1) / groups - panel);
    }
}
