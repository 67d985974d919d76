// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

/// One version of the product.
public interface Rung {

    /// For people: `packed panels`.
    String name();

    /// Takes what it needs of the operands, and puts B into its layout. Only the task it returns is timed; that computes C.
    Runnable prepare(Operands operands);

    /// Copies C into the operands if it was computed elsewhere.
    default void collect(Operands operands) { }
}
