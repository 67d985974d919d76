// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

/// When a conditional branch is taken; LESS and NOT_LESS compare signed numbers.
public enum Condition {
    EQUAL(0), NOT_EQUAL(1), NOT_LESS(10), LESS(11);

    final int code;

    Condition(int code) {
        this.code = code;
    }
}
