// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// The general registers, in the order of their numbers.
public enum Gpr {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15
}
