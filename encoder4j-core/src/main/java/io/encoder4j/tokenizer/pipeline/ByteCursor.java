// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.pipeline;

import io.encoder4j.tokenizer.unicode.CodePoints;

/// Finds the code points that hold given bytes of a text in UTF-8. It only moves forward.
final class ByteCursor {
    private final char[] chars;
    private final int to;
    private int at;
    /// The bytes up to the end of the code point at `at`.
    private int bytes;

    /// A cursor over the chars `from` (inclusive) to `to` (exclusive).
    ByteCursor(char[] chars, int from, int to) {
        this.chars = chars;
        this.to = to;
        at = from;
        bytes = from < to ? length(from) : 0;
    }

    /// The index of the first char of the code point that holds a byte, or -1 past the end. The bytes asked for must not
    /// decrease.
    int find(int index) {
        while (bytes <= index && at < to) {
            at += Character.charCount(Character.codePointAt(chars, at, to));
            bytes += at < to ? length(at) : 0;
        }
        return at < to ? at : -1;
    }

    private int length(int index) {
        return CodePoints.utf8Length(Character.codePointAt(chars, index, to));
    }
}
