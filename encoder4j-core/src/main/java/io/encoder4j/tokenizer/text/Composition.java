// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import io.encoder4j.tokenizer.unicode.UnicodeTables;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// The second half of the normalization forms NFC and NFKC (UAX 15): a letter and the marks after it become one code
/// point again. The JDK says which pairs compose; that never changes for the characters the reference knows.
final class Composition {
    private static final int L = 0x1100;
    private static final int V = 0x1161;
    private static final int T = 0x11A7;
    private static final int SYLLABLES = 0xAC00;
    private static final int SYLLABLE_COUNT = 11_172;
    /// first << 32 | second → their composition.
    private static final Map<Long, Integer> PAIRS = pairs();
    /// 1 where a code point may change or be part of a composition.
    private static final short[][] CONCERNED = CodePoints.pages(pages -> {
        CodePoints.mark(pages, UnicodeTables.COMBINING_CLASS, 1);
        CodePoints.mark(pages, "1161-1175 11A8-11C2", 1);
        PAIRS.keySet().forEach(pair -> CodePoints.mark(pages, Long.toHexString(pair & 0xFFFF_FFFFL), 1));
        decomposed().filter(point -> !isStable(point)).forEach(point ->
                CodePoints.mark(pages, Integer.toHexString(point), 1));
    });

    private final TextRewriter out;
    private int starter = -1;
    private int starterChange;
    /// Marks that did not combine with the starter and follow it: code points and their changes.
    private int[] marks = new int[8];
    private int[] markChanges = new int[8];
    private int markCount;
    private int lastClass;

    Composition(TextRewriter out) {
        this.out = out;
    }

    /// Whether a text may not be in form NFC.
    static boolean mayChange(NormalizedText text) {
        for (int i = 0; i < text.length();) {
            int point = text.codePointAt(i);
            if (point >= 0x300 && CodePoints.in(CONCERNED, point) != 0) {
                return true;
            }
            i += Character.charCount(point);
        }
        return false;
    }

    /// Adds the next code point of a decomposed text, with its combining class and its change for [TextRewriter#put].
    void add(int point, int combiningClass, int change) {
        if (starter < 0) {
            if (combiningClass == 0) {
                start(point, change);
            } else {
                out.put(point, change);
            }
            return;
        }
        boolean blocked = markCount > 0 && lastClass >= combiningClass;
        int composed = blocked ? -1 : compose(starter, point);
        if (composed >= 0) {
            starter = composed;
            starterChange += change - 1;
        } else if (combiningClass == 0) {
            flush();
            start(point, change);
        } else {
            if (markCount == marks.length) {
                marks = Arrays.copyOf(marks, 2 * markCount);
                markChanges = Arrays.copyOf(markChanges, 2 * markCount);
            }
            marks[markCount] = point;
            markChanges[markCount++] = change;
            lastClass = combiningClass;
        }
    }

    /// Ends the text.
    void finish() {
        if (starter >= 0) {
            flush();
        }
        out.finish();
    }

    private void start(int point, int change) {
        starter = point;
        starterChange = change;
    }

    private void flush() {
        out.put(starter, starterChange);
        for (int i = 0; i < markCount; i++) {
            out.put(marks[i], markChanges[i]);
        }
        markCount = 0;
    }

    private static int compose(int first, int second) {
        if (first >= L && first < L + 19 && second >= V && second < V + 21) {
            return SYLLABLES + ((first - L) * 21 + second - V) * 28;
        }
        if (first >= SYLLABLES && first < SYLLABLES + SYLLABLE_COUNT && (first - SYLLABLES) % 28 == 0
                && second > T && second < T + 28) {
            return first + second - T;
        }
        return PAIRS.getOrDefault((long) first << 32 | second, -1);
    }

    private static IntStream decomposed() {
        return CodePoints.points(UnicodeTables.DECOMPOSED)
                .filter(point -> point < SYLLABLES || point >= SYLLABLES + SYLLABLE_COUNT);
    }

    private static boolean isStable(int point) {
        return normalize(Character.toString(point), Normalizer.Form.NFC).equals(Character.toString(point));
    }

    private static Map<Long, Integer> pairs() {
        Map<Long, Integer> pairs = new HashMap<>();
        decomposed().filter(Composition::isStable).forEach(point -> {
            int[] parts = normalize(Character.toString(point), Normalizer.Form.NFD).codePoints().toArray();
            String rest = new String(parts, 0, parts.length - 1);
            int first = normalize(rest, Normalizer.Form.NFC).codePointAt(0);
            pairs.put((long) first << 32 | parts[parts.length - 1], point);
        });
        return Map.copyOf(pairs);
    }

    private static String normalize(String text, Normalizer.Form form) {
        return Normalizer.normalize(text, form);
    }
}
