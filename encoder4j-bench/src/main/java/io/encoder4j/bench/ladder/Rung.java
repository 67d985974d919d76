// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.bench.ladder;

/// A product written in one way.
public interface Rung {

    /// For people: `packed panels`.
    String name();

    /// Takes what it needs of the operands and lays out B; what it returns computes C, and is what the clock sees.
    Runnable prepare(Operands operands);

    /// Brings C into the operands if it was computed elsewhere.
    default void collect(Operands operands) { }
}
