// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

/// A compiled expression: instructions of [Op], and the sets that they name.
record Program(int[] code, CharSet[] sets, int registers, FirstChars firstChars) {
    /// The number of instructions.
    int length() {
        return code.length / Op.WIDTH;
    }
}
