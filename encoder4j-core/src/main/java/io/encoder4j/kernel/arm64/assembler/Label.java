// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.arm64.assembler;

/// A position in the code, to jump to or to read from. It is set once, with [Assembler#place], and may be used before that.
public final class Label {
    static final int NOWHERE = -1;

    int position = NOWHERE;
}
