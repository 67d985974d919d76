// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import java.util.List;
import java.util.function.IntPredicate;

/// A set of code points. Those of ASCII are looked up in a table.
final class CharSet {
    private static final int ASCII = 128;

    private final boolean[] ascii = new boolean[ASCII];
    private final IntPredicate others;

    CharSet(IntPredicate has) {
        for (int point = 0; point < ASCII; point++) {
            ascii[point] = has.test(point);
        }
        others = has;
    }

    static CharSet of(int point) {
        return new CharSet(other -> other == point);
    }

    static CharSet range(int first, int last) {
        return new CharSet(point -> point >= first && point <= last);
    }

    boolean has(int point) {
        return point < ASCII ? ascii[point] : others.test(point);
    }

    static CharSet anyOf(List<CharSet> sets) {
        return new CharSet(point -> {
            for (CharSet set : sets) {
                if (set.has(point)) {
                    return true;
                }
            }
            return false;
        });
    }

    static CharSet allOf(List<CharSet> sets) {
        return new CharSet(point -> {
            for (CharSet set : sets) {
                if (!set.has(point)) {
                    return false;
                }
            }
            return true;
        });
    }

    CharSet not() {
        return new CharSet(point -> !has(point));
    }

    /// A set of ASCII characters with their letters in both cases, and the two characters outside ASCII whose case
    /// leads to an ASCII letter: the long s and the Kelvin sign.
    CharSet anyCase() {
        return new CharSet(point -> has(point) || hasOtherCase(point));
    }

    private boolean hasOtherCase(int point) {
        return switch (point) {
            case 0x17F -> has('s') || has('S');
            case 0x212A -> has('k') || has('K');
            default -> point < ASCII && Character.isLetter(point) && has(point ^ 0x20);
        };
    }
}
