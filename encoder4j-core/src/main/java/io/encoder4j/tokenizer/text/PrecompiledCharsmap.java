// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;


import io.encoder4j.tokenizer.unicode.CodePoints;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// SentencePiece's character replacements (`precompiled_charsmap`): a double-array trie from UTF-8 to indices of a list
/// of strings. Every path of the trie is checked when it is read.
///
/// It is applied as the reference does, not as SentencePiece does: a grapheme cluster of less than 6 bytes becomes the
/// replacement of its shortest known prefix. If there is none, or the cluster is longer, each code point is replaced
/// alone.
public final class PrecompiledCharsmap {
    private static final int MAX_CLUSTER_BYTES = 6;

    private final int[] units;
    /// The strings, each followed by a 0.
    private final byte[] strings;

    private PrecompiledCharsmap(int[] units, byte[] strings) {
        this.units = units;
        this.strings = strings;
    }

    /// Reads the bytes of a table; `where` names it in errors.
    public static PrecompiledCharsmap read(byte[] bytes, String where) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = bytes.length < 4 ? -1 : buffer.getInt();
        if (size < 4 || size % 4 != 0 || size > bytes.length - 4) {
            throw new TokenizerProblem(where + " is cut off or malformed: " + bytes.length + " bytes, of which its"
                    + " trie should be " + (size < 0 ? "?" : size) + "; fetch the file again");
        }
        int[] units = new int[size / 4];
        buffer.asIntBuffer().get(units);
        byte[] strings = Arrays.copyOfRange(bytes, 4 + size, bytes.length);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(strings));
        } catch (CharacterCodingException e) {
            throw new TokenizerProblem(where + " holds strings that are not UTF-8; fetch the file again", e);
        }
        PrecompiledCharsmap map = new PrecompiledCharsmap(units, strings);
        map.check(where);
        return map;
    }

    private void check(String where) {
        BitSet seen = new BitSet(units.length);
        int[] open = new int[units.length];
        int count = 1;
        seen.set(0);
        while (count > 0) {
            int node = open[--count];
            int base = node ^ offset(units[node]);
            if (node != 0 && hasLeaf(units[node]) && !isString(base)) {
                throw damaged(where);
            }
            for (int label = 1; label < 256; label++) {
                int child = base ^ label;
                if (child >= units.length) {
                    throw damaged(where);
                }
                if (label(units[child]) == label && !seen.get(child)) {
                    seen.set(child);
                    open[count++] = child;
                }
            }
        }
    }

    private boolean isString(int leaf) {
        int at = leaf < units.length ? units[leaf] & 0x7FFF_FFFF : -1;
        return at >= 0 && at < strings.length && (strings[at] & 0xC0) != 0x80;
    }

    private static TokenizerProblem damaged(String where) {
        return new TokenizerProblem(where + " is malformed: its trie points past its end; fetch the file again");
    }

    // A unit of Darts-clone: label in the low byte and the top bit, bit 8 says there is a value, the rest is an offset.
    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private static boolean hasLeaf(int unit) {
        return (unit >>> 8 & 1) != 0;
    }

    private static int label(int unit) {
        return unit & (1 << 31 | 0xFF);
    }

    /// Rewrites a text.
    public void apply(NormalizedText text) {
        Pending pending = new Pending(new TextRewriter(text));
        boolean changed = false;
        for (int i = 0; i < text.length();) {
            int end = Graphemes.end(text, i, text.length());
            int found = bytesBelow(text, i, end, MAX_CLUSTER_BYTES) ? find(text, i, end) : -1;
            if (found >= 0) {
                replace(pending, found, text.codePoints(i, end));
                changed = true;
                i = end;
            }
            while (i < end) {
                int point = text.codePointAt(i);
                int next = i + Character.charCount(point);
                found = find(text, i, next);
                if (found >= 0) {
                    replace(pending, found, 1);
                    changed = true;
                } else {
                    pending.put(point, 0);
                }
                i = next;
            }
        }
        if (changed) {
            pending.finish();
        }
    }

    private static boolean bytesBelow(NormalizedText text, int from, int to, int limit) {
        int bytes = 0;
        for (int i = from; i < to && bytes < limit;) {
            int point = text.codePointAt(i);
            bytes += CodePoints.utf8Length(point);
            i += Character.charCount(point);
        }
        return bytes < limit;
    }

    /// The index of the replacement of the shortest known prefix, or -1.
    private int find(NormalizedText text, int from, int to) {
        int node = offset(units[0]);
        for (int i = from; i < to;) {
            int point = text.codePointAt(i);
            int length = CodePoints.utf8Length(point);
            for (int shift = 6 * (length - 1); shift >= 0; shift -= 6) {
                int octet = length == 1 ? point : shift == 6 * (length - 1)
                        ? point >> shift | 0xF00 >> length & 0xFF : 0x80 | point >> shift & 0x3F;
                if (octet == 0) {
                    return -1;
                }
                node ^= octet;
                int unit = units[node];
                if (label(unit) != octet) {
                    return -1;
                }
                node ^= offset(unit);
                if (hasLeaf(unit)) {
                    return units[node] & 0x7FFF_FFFF;
                }
            }
            i += Character.charCount(point);
        }
        return -1;
    }

    private void replace(Pending pending, int at, int oldCount) {
        int end = at;
        int newCount = 0;
        while (end < strings.length && strings[end] != 0) {
            newCount += (strings[end++] & 0xC0) != 0x80 ? 1 : 0;
        }
        String string = new String(strings, at, end - at, StandardCharsets.UTF_8);
        int index = 0;
        for (int i = 0; i < string.length(); index++) {
            int point = string.codePointAt(i);
            pending.put(point, index >= oldCount ? 1 : 0);
            i += Character.charCount(point);
        }
        if (newCount < oldCount) {
            pending.remove(oldCount - newCount);
        }
    }

    /// Holds back one code point, since later ones may be removed with it. If there is none before the removed ones,
    /// the reference forgets them, and all later offsets are too small by their number. So are these.
    private static final class Pending {
        private final TextRewriter out;
        private int point = -1;
        private int change;

        Pending(TextRewriter out) {
            this.out = out;
        }

        void put(int next, int nextChange) {
            flush();
            point = next;
            change = nextChange;
        }

        void remove(int count) {
            change -= point < 0 ? 0 : count;
        }

        void finish() {
            flush();
            out.finish();
        }

        private void flush() {
            if (point >= 0) {
                out.put(point, change);
            }
        }
    }
}
