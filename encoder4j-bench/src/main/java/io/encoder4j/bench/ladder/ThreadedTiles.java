// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

import static io.encoder4j.bench.ladder.RegisterRow.WIDTH;

import io.encoder4j.kernel.Workers;

/// 8. The tiles on several threads. Each thread takes the next block of rows when it is done with one, so a slow thread holds up
/// nobody. The threads share the panels, and each writes to rows of its own.
///
/// @param workers the threads
record ThreadedTiles(Workers workers) implements Rung {

    private static final int BLOCK = 8 * Operands.ROWS;

    @Override
    public String name() {
        return workers.threads() + (workers.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Runnable prepare(Operands o) {
        float[] panels = o.panels(WIDTH);
        return () -> workers.forEach(Workers.blocks(o.rows(), BLOCK), block ->
                RegisterTile.multiply(o, panels, block * BLOCK, Math.min((block + 1) * BLOCK, o.rows())));
    }
}
