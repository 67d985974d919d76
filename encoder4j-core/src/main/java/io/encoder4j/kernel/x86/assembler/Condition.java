// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// Conditions of a jump, after a comparison or [Assembler#addImmediate], as signed numbers.
public enum Condition {
    EQUAL(0x84), NOT_EQUAL(0x85), LESS(0x8C), NOT_LESS(0x8D);

    final int opcode;

    Condition(int opcode) {
        this.opcode = opcode;
    }
}
