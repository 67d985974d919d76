// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.unicode;

/// Decodes UTF-8 that may be malformed. Each longest valid prefix of a character becomes one U+FFFD (Unicode 3.9, best
/// practice). Java's decoder differs: it makes one U+FFFD of all three bytes of an encoded surrogate.
public final class LossyUtf8 {
    private LossyUtf8() {}

    public static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length;) {
            int lead = bytes[i] & 0xFF;
            int wanted = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
            int have = 1;
            int point = wanted < 2 ? lead : lead & 0xFF >> wanted + 1;
            while (have < wanted && i + have < bytes.length && continues(lead, have, bytes[i + have] & 0xFF)) {
                point = point << 6 | bytes[i + have++] & 0x3F;
            }
            text.appendCodePoint(have == wanted ? point : 0xFFFD);
            i += have;
        }
        return text.toString();
    }

    private static boolean continues(int lead, int index, int octet) {
        int first = index > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int last = index > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return octet >= first && octet <= last;
    }
}
