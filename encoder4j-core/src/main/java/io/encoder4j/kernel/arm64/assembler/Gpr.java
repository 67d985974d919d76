// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

/// The general registers of 64 bits, in the order of their numbers. X18 belongs to the system.
public enum Gpr {
    X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, X15, X16, X17, X18, X19, X20, X21, X22, X23, X24, X25, X26,
    X27, X28, X29, X30,
    /// The stack pointer, where an instruction takes it.
    SP
}
