// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// GPT-2's alphabet: a printable character for every byte, so that a model of characters can be one of bytes
/// (`bytes_to_unicode`). Printable Latin-1 stands for itself, the 68 other bytes for U+0100 and following.
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

    /// What the space becomes: Ġ.
    public static final char SPACE = CHARS[' '];

    private ByteChars() {}

    /// Appends the bytes of a code point, each of which stands for what the code point stands for.
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

    /// Makes bytes of a whole text.
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

    /// Adds the bytes a token stands for: those of its UTF-8 where it holds a character that stands for no byte.
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
