// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import java.util.ArrayList;
import java.util.List;

/// Reads sets of characters: `[a-z&&[^b]]`, `\s`, `\p{L}`.
final class ClassParser {
    private static final int MAX_DEPTH = 20;

    private final RegexSource source;
    private int depth;

    ClassParser(RegexSource source) {
        this.source = source;
    }

    /// Reads the rest of a set whose opening bracket was read.
    CharSet set(boolean anyCase) {
        if (++depth > MAX_DEPTH) {
            throw source.error("sets nested more than " + MAX_DEPTH + " deep");
        }
        boolean negative = source.take("^");
        List<CharSet> all = new ArrayList<>();
        List<CharSet> part = new ArrayList<>();
        boolean first = true;
        while (first || !source.nextIs(']')) {
            if (source.take("&&")) {
                all.add(union(part));
                part = new ArrayList<>();
            } else {
                part.add(item(anyCase, first));
            }
            first = false;
        }
        source.take("]");
        depth--;
        all.add(union(part));
        CharSet set = all.size() == 1 ? all.getFirst() : CharSet.allOf(all);
        return negative ? set.not() : set;
    }

    private CharSet union(List<CharSet> part) {
        if (part.isEmpty()) {
            throw source.error("an empty side of && in a set");
        }
        return part.size() == 1 ? part.getFirst() : CharSet.anyOf(part);
    }

    private CharSet item(boolean anyCase, boolean first) {
        if (source.take("[:")) {
            return bracket(anyCase);
        }
        if (source.take("[")) {
            return set(anyCase);
        }
        if (source.startsWith("\\p") || source.startsWith("\\P")) {
            refuseIn(anyCase);
            source.read();
            return notARange(named(true));
        }
        int start = source.position();
        if (source.take("\\") && source.nextIsShorthand()) {
            boolean caseless = "sSdD".indexOf(source.next()) >= 0;
            refuseIn(anyCase && !caseless);
            return notARange(named(true));
        }
        source.back(start);
        int from = character(first);
        int to = from;
        if (source.startsWith("-") && !source.startsWith("-]")) {
            source.read();
            if (source.startsWith("[") || source.startsWith("&&")) {
                throw source.error("a range in a set without an end");
            }
            to = character(false);
        }
        if (from > to) {
            throw source.error("a range in a set whose end comes before its start");
        }
        CharSet range = from == to ? CharSet.of(from) : CharSet.range(from, to);
        refuseIn(anyCase && to > 0x7F);
        return anyCase ? range.anyCase() : range;
    }

    /// A set takes no part in a range: `[\w-a]`.
    private CharSet notARange(CharSet set) {
        if (source.startsWith("-") && !source.startsWith("-]")) {
            throw source.error("a hyphen after a set within a set; put it last");
        }
        return set;
    }

    private void refuseIn(boolean anyCase) {
        if (anyCase) {
            throw source.error("a set of letters outside ASCII in (?i)");
        }
    }

    private int character(boolean first) {
        if (source.nextIs('\\')) {
            int literal = source.escapedLiteral();
            if (literal < 0) {
                source.read();
                source.read();
                throw source.unsupportedEscape();
            }
            return literal;
        }
        boolean hyphen = source.nextIs('-');
        if (hyphen && !first && !source.startsWith("-]")) {
            throw source.error("a hyphen in the middle of a set; put it last");
        }
        return source.read();
    }

    private CharSet bracket(boolean anyCase) {
        boolean negative = source.take("^");
        String name = source.until(":]");
        CharSet set = CharSets.bracket(name);
        if (set == null) {
            throw source.error("the set [:" + name + ":]");
        }
        refuseIn(anyCase && !name.equals("space") && !name.equals("digit"));
        return notARange(negative ? set.not() : set);
    }

    /// Reads `s`, `W`, `p{L}` and the like, after their backslash.
    CharSet named(boolean inSet) {
        int letter = source.read();
        return switch (letter) {
            case 's' -> CharSets.SPACE;
            case 'S' -> CharSets.SPACE.not();
            case 'd' -> CharSets.DIGIT;
            case 'D' -> CharSets.DIGIT.not();
            case 'w' -> inSet ? CharSets.WORD_IN_SET : CharSets.WORD;
            case 'W' -> (inSet ? CharSets.WORD_IN_SET : CharSets.WORD).not();
            case 'h' -> CharSets.HEX;
            case 'H' -> CharSets.HEX.not();
            default -> property(letter == 'P');
        };
    }

    private CharSet property(boolean negative) {
        if (!source.take("{")) {
            throw source.error("a property without braces");
        }
        boolean inverted = source.take("^");
        String name = source.until("}");
        CharSet set = CharSets.property(name);
        if (set == null) {
            throw source.error("the property " + name);
        }
        return negative != inverted ? set.not() : set;
    }
}
