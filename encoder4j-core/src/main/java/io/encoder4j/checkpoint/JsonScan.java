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

    private static final int BLOCK = 1 << 14;

    private int depth;
    /// Where the string began that is being read, or -1.
    private long inString = -1;
    private boolean escaped;
    /// Where the number or word began that is being read, or -1.
    private long word = -1;

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
        JsonScan scan = new JsonScan();
        // Byte by byte through the segment is slow before the JIT has seen it.
        byte[] block = new byte[(int) Math.min(json.byteSize(), BLOCK)];
        for (long from = 0; from < json.byteSize(); from += block.length) {
            int count = (int) Math.min(block.length, json.byteSize() - from);
            MemorySegment.copy(json, ValueLayout.JAVA_BYTE, from, block, 0, count);
            for (int i = 0; i < count; i++) {
                String problem = scan.inString >= 0 ? scan.insideString(block[i], from + i) : scan.outside(block[i], from + i);
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return "";
    }

    private String insideString(byte b, long at) {
        if (at - inString > STRING) {
            return "string longer than " + STRING + " bytes at offset " + inString;
        }
        inString = b == '"' && !escaped ? -1 : inString;
        escaped = b == '\\' && !escaped;
        return "";
    }

    private String outside(byte b, long at) {
        switch (b) {
            case '"' -> inString = at;
            case '{', '[' -> {
                word = -1;
                if (++depth > DEPTH) {
                    return "nested deeper than " + DEPTH + " at offset " + at;
                }
            }
            case '}', ']' -> {
                word = -1;
                depth--;
            }
            case ',', ':', ' ', '\t', '\r', '\n' -> word = -1;
            default -> {
                word = word < 0 ? at : word;
                if (at - word >= DIGITS) {
                    return "number longer than " + DIGITS + " digits at offset " + word;
                }
            }
        }
        return "";
    }
}
