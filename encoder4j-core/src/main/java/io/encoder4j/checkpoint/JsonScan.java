// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// A first look at JSON from a file nobody vouches for, in one pass and constant memory, before a parser sees it: is it
/// UTF-8, not nested deeper than [#DEPTH], without a number or word longer than [#DIGITS] or a string longer than
/// [#STRING]? A parser buffers a token before it can measure it; this does not.
final class JsonScan {

    static final int DEPTH = 64;
    static final int DIGITS = 40;
    static final int STRING = 20_000_000;

    private JsonScan() {}

    /// What is wrong, with its byte offset in `json`, or an empty string.
    static String problem(MemorySegment json) {
        long invalid = firstInvalidUtf8(json.asByteBuffer());
        return invalid >= 0 ? "not UTF-8 at byte " + invalid : tooLarge(json);
    }

    private static long firstInvalidUtf8(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(4096);
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, true);
            if (result.isError()) {
                return bytes.position();
            }
            if (result.isUnderflow()) {
                return -1;
            }
            chars.clear();
        }
    }

    private static String tooLarge(MemorySegment json) {
        int depth = 0;
        long start = -1; // of the number or word being read
        for (long i = 0; i < json.byteSize(); i++) {
            switch (json.get(ValueLayout.JAVA_BYTE, i)) {
                case '"' -> {
                    long end = endOfString(json, i);
                    if (end - i > STRING) {
                        return "string longer than " + STRING + " bytes at offset " + i;
                    }
                    i = end;
                }
                case '{', '[' -> {
                    start = -1;
                    if (++depth > DEPTH) {
                        return "nested deeper than " + DEPTH + " at offset " + i;
                    }
                }
                case '}', ']' -> {
                    start = -1;
                    depth--;
                }
                case ',', ':', ' ', '\t', '\r', '\n' -> start = -1;
                default -> {
                    start = start < 0 ? i : start;
                    if (i - start >= DIGITS) {
                        return "number longer than " + DIGITS + " digits at offset " + start;
                    }
                }
            }
        }
        return "";
    }

    /// Index of the quote that ends the string begun at `start`, or the end of the text.
    private static long endOfString(MemorySegment json, long start) {
        long i = start + 1;
        while (i < json.byteSize() && json.get(ValueLayout.JAVA_BYTE, i) != '"') {
            i += json.get(ValueLayout.JAVA_BYTE, i) == '\\' ? 2 : 1;
        }
        return i;
    }
}
