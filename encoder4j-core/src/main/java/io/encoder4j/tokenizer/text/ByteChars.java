// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// GPT-2's alphabet: one printable character for each byte (`bytes_to_unicode`), so that a model that works on
/// characters can work on bytes. Printable Latin-1 characters stand for themselves; the other 68 bytes use U+0100 and
/// following.
public final class ByteChars {
    private static final char[] CHARS = new char[256];
    private static final short[] BYTES = new short[0x200];

    static {
        Arrays.fill(BYTES, (short) -1);
        int other = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
            CHARS[b] = (char) (printable ? b : other++);
            BYTES[CHARS[b]] = (short) b;
        }
    }

    /// The character for the space: Ġ.
    public static final char SPACE = CHARS[' '];

    private ByteChars() {}

    /// Appends the bytes of a code point. Each gets the offsets of the code point.
    static void append(NormalizedText out, int point, int start, int end) {
        if (point < 0x80) {
            out.appendUnit(CHARS[point], start, end);
            return;
        }
        int length = CodePoints.utf8Length(point);
        out.appendUnit(CHARS[point >> 6 * (length - 1) | 0xF00 >> length & 0xFF], start, end);
        for (int shift = 6 * (length - 2); shift >= 0; shift -= 6) {
            out.appendUnit(CHARS[0x80 | point >> shift & 0x3F], start, end);
        }
    }

    /// Replaces a whole text by its bytes.
    public static void apply(NormalizedText text) {
        NormalizedText bytes = text.emptyLike();
        appendAll(bytes, text, 0, text.length());
        text.become(bytes);
    }

    /// Appends the bytes of a part of a text.
    public static void appendAll(NormalizedText out, NormalizedText text, int from, int to) {
        for (int i = from; i < to;) {
            int point = text.codePointAt(i);
            append(out, point, text.originalStart(i), text.originalEnd(i));
            i += Character.charCount(point);
        }
    }

    /// Adds the bytes that a token stands for. If it holds a character that stands for no byte, adds its UTF-8 bytes.
    public static void decode(String token, ByteArrayOutputStream bytes) {
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) >= BYTES.length || BYTES[token.charAt(i)] < 0) {
                bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        for (int i = 0; i < token.length(); i++) {
            bytes.write(BYTES[token.charAt(i)]);
        }
    }
}
