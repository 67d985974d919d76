// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.text;

import io.encoder4j.tokenizer.unicode.CodePoints;
import io.encoder4j.tokenizer.unicode.UnicodeCategories;
import io.encoder4j.tokenizer.unicode.UnicodeTables;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/// The four normalization forms (UAX 15) in linear time: `java.text.Normalizer` is quadratic in the length of a run of
/// marks, and knows characters that the reference does not know. The JDK is asked only what a single code point
/// decomposes to, which never changes once a character is assigned.
public final class Decomposition {
    private static final int HANGUL_FIRST = 0xAC00;
    private static final int HANGUL_LAST = 0xD7A3;

    /// The decompositions of code points, in one form. The JDK is asked when a code point first occurs: most texts need
    /// few or none, and to fill the whole table would take as long as loading a tokenizer.
    private record Table(int[] points, AtomicReferenceArray<int[]> decompositions, Normalizer.Form form) {
        static Table of(IntStream points, Normalizer.Form form) {
            int[] sorted = points.sorted().toArray();
            return new Table(sorted, new AtomicReferenceArray<>(sorted.length), form);
        }

        int[] get(int point) {
            int index = Arrays.binarySearch(points, point);
            int[] known = decompositions.get(index);
            if (known == null) {
                known = Normalizer.normalize(Character.toString(point), form).codePoints().toArray();
                decompositions.set(index, known);
            }
            return known;
        }
    }

    private static final class Canonical {
        static final Table TABLE = Table.of(CodePoints.points(UnicodeTables.DECOMPOSED)
                .filter(point -> point < HANGUL_FIRST || point > HANGUL_LAST), Normalizer.Form.NFD);
    }

    private static final class Compatible {
        static final Table TABLE = Table.of(CodePoints.points(UnicodeCategories.COMPATIBLE), Normalizer.Form.NFKD);
    }

    private final boolean compatible;
    private int[] points;
    private byte[] classes;
    /// Whether a code point is the second or a later one of a decomposition.
    private boolean[] added;
    private int size;
    /// Where the marks start that are not yet in order.
    private int run;

    private Decomposition(int capacity, boolean compatible) {
        this.compatible = compatible;
        points = new int[capacity];
        classes = new byte[capacity];
        added = new boolean[capacity];
    }

    /// Decomposes and puts marks in canonical order. As in the reference, the n-th code point that is not an addition
    /// gets the offsets of the n-th code point of the input, even where the order has changed.
    ///
    /// @param compatible true for NFKD, false for NFD
    public static void decompose(NormalizedText text, boolean compatible) {
        int concerned = CodePoints.DECOMPOSED | CodePoints.ORDERED | (compatible ? CodePoints.COMPATIBLE : 0);
        if (text.any(concerned)) {
            Decomposition result = of(text, compatible);
            TextRewriter rewrite = new TextRewriter(text);
            for (int i = 0; i < result.size; i++) {
                rewrite.put(result.points[i], result.change(i));
            }
            rewrite.finish();
        }
    }

    /// Decomposes and composes again: NFC, or NFKC where `compatible`.
    public static void compose(NormalizedText text, boolean compatible) {
        if (compatible && text.any(CodePoints.COMPATIBLE) || Composition.mayChange(text)) {
            Decomposition result = of(text, compatible);
            Composition composition = new Composition(new TextRewriter(text));
            for (int i = 0; i < result.size; i++) {
                composition.add(result.points[i], result.classes[i] & 0xFF, result.change(i));
            }
            composition.finish();
        }
    }

    private static Decomposition of(NormalizedText text, boolean compatible) {
        Decomposition result = new Decomposition(text.length() + 16, compatible);
        for (int i = 0; i < text.length();) {
            int point = text.codePointAt(i);
            result.decompose(point);
            i += Character.charCount(point);
        }
        result.order();
        return result;
    }

    private int change(int index) {
        return added[index] ? 1 : 0;
    }

    private void decompose(int point) {
        int flags = CodePoints.flags(point);
        if (compatible && (flags & CodePoints.COMPATIBLE) != 0) {
            addAll(Compatible.TABLE.get(point));
        } else if ((flags & CodePoints.DECOMPOSED) == 0) {
            add(point, false);
        } else if (point >= HANGUL_FIRST && point <= HANGUL_LAST) {
            int syllable = point - HANGUL_FIRST;
            add(0x1100 + syllable / 588, false);
            add(0x1161 + syllable % 588 / 28, true);
            if (syllable % 28 != 0) {
                add(0x11A7 + syllable % 28, true);
            }
        } else {
            addAll(Canonical.TABLE.get(point));
        }
    }

    private void addAll(int[] parts) {
        boolean later = false;
        for (int part : parts) {
            add(part, later);
            later = true;
        }
    }

    private void add(int point, boolean addition) {
        if (size == points.length) {
            points = Arrays.copyOf(points, 2 * size);
            classes = Arrays.copyOf(classes, 2 * size);
            added = Arrays.copyOf(added, 2 * size);
        }
        int combiningClass = CodePoints.combiningClass(point);
        if (combiningClass == 0) {
            order();
            run = size + 1;
        }
        points[size] = point;
        classes[size] = (byte) combiningClass;
        added[size++] = addition;
    }

    /// Sorts the open run of marks by combining class; equal ones keep their order. It is a counting sort, so that a
    /// long run takes linear time.
    private void order() {
        if (size - run < 2 || isOrdered()) {
            return;
        }
        int[] places = new int[257];
        for (int i = run; i < size; i++) {
            places[(classes[i] & 0xFF) + 1]++;
        }
        for (int i = 1; i < places.length; i++) {
            places[i] += places[i - 1];
        }
        int[] oldPoints = Arrays.copyOfRange(points, run, size);
        byte[] oldClasses = Arrays.copyOfRange(classes, run, size);
        boolean[] oldAdded = Arrays.copyOfRange(added, run, size);
        for (int i = 0; i < oldPoints.length; i++) {
            int place = run + places[oldClasses[i] & 0xFF]++;
            points[place] = oldPoints[i];
            classes[place] = oldClasses[i];
            added[place] = oldAdded[i];
        }
    }

    private boolean isOrdered() {
        for (int i = run + 1; i < size; i++) {
            if ((classes[i - 1] & 0xFF) > (classes[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}
