// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.explain;

/// Compares what was computed by hand with what the model computed, says it, and remembers whether all was well.
final class Checks {

    /// Errors grow with the values: `|a - b| ≤ 1e-4 + 1e-4 · |b|`, as everywhere between whole models.
    private static final double TOLERANCE = 1e-4;

    private final Screen screen;
    private boolean ok = true;

    Checks(Screen screen) {
        this.screen = screen;
    }

    /// Compares all values.
    void check(String what, double[][] byHand, double[][] model) {
        double largest = 0;
        for (double[] row : model) {
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        double difference = ByHand.difference(byHand, model);
        boolean near = difference <= TOLERANCE + TOLERANCE * largest;
        ok &= near;
        screen.check(what, difference, near);
    }

    boolean ok() {
        return ok;
    }
}
