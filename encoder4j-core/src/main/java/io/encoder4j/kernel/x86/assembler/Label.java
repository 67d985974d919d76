// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel.x86.assembler;

/// A place in the code: jumped to, or read from. Placed once with [Assembler#place]; may be used before.
public final class Label {
    static final int NOWHERE = -1;

    int position = NOWHERE;
}
