// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.task;

/// A result that says how much of its input the model read.
public interface Counted {

    /// {@return tokens the model read for it, special ones and prompts included; of a text that was read in several
    /// windows or with several labels, all of them together}
    int tokens();

    /// {@return whether the input had more tokens and was cut}
    boolean truncated();
}
