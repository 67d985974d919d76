// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/// UTF-16 as UTF-8. Half a surrogate pair becomes three bytes that are no UTF-8, so that only the line it stands in is refused.
final class Utf16Stream extends InputStream {

    private final InputStream in;
    private final boolean bigEndian;
    private final byte[] bytes = new byte[8];
    private int position;
    private int limit;
    /// The next code unit, read ahead; -1 for none.
    private int ahead = -1;

    /// @param in       begins with the mark
    Utf16Stream(InputStream in, boolean bigEndian) throws IOException {
        this.in = new BufferedInputStream(in);
        this.bigEndian = bigEndian;
        unit();
    }

    private int unit() throws IOException {
        int first = in.read();
        int second = in.read();
        if (first < 0 || second < 0) {
            // Half a unit at the end is half a surrogate: no text.
            return first < 0 ? -1 : Character.MIN_HIGH_SURROGATE;
        }
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        limit = 0;
        int unit = ahead >= 0 ? ahead : unit();
        ahead = -1;
        if (unit < 0) {
            return false;
        }
        if (Character.isHighSurrogate((char) unit)) {
            int next = unit();
            if (next >= 0 && Character.isLowSurrogate((char) next)) {
                unit = Character.toCodePoint((char) unit, (char) next);
            } else {
                ahead = next;
            }
        }
        put(unit);
        return true;
    }

    private void put(int codePoint) {
        if (codePoint < 0x80) {
            bytes[limit++] = (byte) codePoint;
            return;
        }
        int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
        bytes[limit++] = (byte) (0xff00 >> more + 1 | codePoint >> 6 * more);
        for (int i = more - 1; i >= 0; i--) {
            bytes[limit++] = (byte) (0x80 | codePoint >> 6 * i & 0x3f);
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes[position++] & 0xff : -1;
    }

    /// As much as there is without waiting, and at least a byte.
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        while (count < length && (position < limit || count == 0 || in.available() > 1)) {
            if (!fill()) {
                return count == 0 ? -1 : count;
            }
            target[offset + count++] = bytes[position++];
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return limit - position + in.available() / 2;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
