// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import io.encoder4j.tokenizer.regex.Node.Greed;
import io.encoder4j.tokenizer.regex.Node.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads a regular expression as Oniguruma does, which the reference uses. What it does not read, it refuses by name.
final class RegexParser {
    /// Oniguruma's.
    private static final int MAX_TIMES = 100_000;
    private static final int MAX_DEPTH = 100;

    private final RegexSource source;
    private final ClassParser classes;
    private int depth;

    private RegexParser(String regex) {
        source = new RegexSource(regex);
        classes = new ClassParser(source);
    }

    /// @throws PatternSyntaxException if it is malformed, or has what is not supported
    static Node parse(String regex) {
        RegexParser parser = new RegexParser(regex);
        Node whole = parser.either(new Options(false, false));
        if (parser.source.more()) {
            throw parser.source.error("unmatched )");
        }
        return whole;
    }

    /// `(?i)` and `(?m)`, which is Ruby's: the dot takes line ends.
    private record Options(boolean anyCase, boolean dotAll) {}

    private Node either(Options options) {
        options = leadingOptions(options);
        List<Node> choices = new ArrayList<>();
        do {
            choices.add(concat(options));
        } while (source.take("|"));
        return choices.size() == 1 ? choices.getFirst() : new Node.Either(choices);
    }

    /// `(?i)` at the start of a group holds to its end.
    private Options leadingOptions(Options options) {
        int start = source.position();
        if (source.take("(?") && (source.nextIs('i') || source.nextIs('m') || source.nextIs('-'))) {
            Options changed = options(options);
            if (source.take(")")) {
                return changed;
            }
        }
        source.back(start);
        return options;
    }

    private Options options(Options options) {
        boolean on = true;
        boolean anyCase = options.anyCase;
        boolean dotAll = options.dotAll;
        while (true) {
            if (source.take("-")) {
                on = false;
            } else if (source.take("i")) {
                anyCase = on;
            } else if (source.take("m")) {
                dotAll = on;
            } else {
                return new Options(anyCase, dotAll);
            }
        }
    }

    private Node concat(Options options) {
        List<Node> parts = new ArrayList<>();
        int before = -1;
        while (source.more() && !source.nextIs('|') && !source.nextIs(')')) {
            if (source.take("(?#")) {
                source.until(")");
                continue;
            }
            int start = source.position();
            int literal = literal();
            Node atom = literal < 0 ? atom(options) : literal(literal, before, options);
            before = literal;
            parts.add(repeated(atom, start));
        }
        return parts.size() == 1 ? parts.getFirst() : new Node.Concat(parts);
    }

    /// A character that stands for itself, read; or -1.
    private int literal() {
        int next = source.next();
        if (next == '\\') {
            return source.escapedLiteral();
        }
        if ("([.^$*+?".indexOf(next) >= 0 || next == '{' && repeatFollows()) {
            return -1;
        }
        return source.read();
    }

    private Node literal(int point, int before, Options options) {
        CharSet set = CharSet.of(point);
        if (!options.anyCase) {
            return new Node.One(set);
        }
        boolean cased = Character.toLowerCase(point) != point || Character.toUpperCase(point) != point
                || Character.getType(point) == Character.NON_SPACING_MARK || point == 0x2BE || point == 0x2BC;
        if (point > 0x7F && cased) {
            throw source.error("a letter outside ASCII in (?i)");
        }
        int first = Character.toLowerCase(before);
        int second = Character.toLowerCase(point);
        if (first == 's' && (second == 's' || second == 't') || first == 'f' && "fil".indexOf(second) >= 0) {
            throw source.error("the letters " + (char) first + (char) second + " in (?i), which a ligature matches, too");
        }
        return new Node.One(set.anyCase());
    }

    private Node atom(Options options) {
        return switch (source.read()) {
            case '(' -> group(options);
            case '[' -> new Node.One(classes.set(options.anyCase));
            case '.' -> new Node.One(options.dotAll ? CharSets.ANY : CharSet.of('\n').not());
            case '^' -> new Node.At(Place.LINE_START);
            case '$' -> new Node.At(Place.LINE_END);
            case '\\' -> escape();
            default -> throw source.error("nothing to repeat");
        };
    }

    private Node escape() {
        if (source.nextIs('p') || source.nextIs('P') || source.nextIsShorthand()) {
            return new Node.One(classes.named(false));
        }
        return new Node.At(switch (source.read()) {
            case 'A' -> Place.TEXT_START;
            case 'z' -> Place.TEXT_END;
            case 'Z' -> Place.LAST_LINE_END;
            case 'b' -> Place.WORD_EDGE;
            case 'B' -> Place.NO_WORD_EDGE;
            default -> throw source.unsupportedEscape();
        });
    }

    private Node group(Options options) {
        if (++depth > MAX_DEPTH) {
            throw source.error("groups nested more than " + MAX_DEPTH + " deep");
        }
        Node group = groupBody(options);
        if (!source.take(")")) {
            throw source.error("unclosed group");
        }
        depth--;
        return group;
    }

    private Node groupBody(Options options) {
        if (!source.take("?")) {
            return either(options);
        }
        if (source.take(":")) {
            return either(options);
        }
        if (source.take("=")) {
            return new Node.Look(either(options), false, false);
        }
        if (source.take("!")) {
            return new Node.Look(either(options), false, true);
        }
        if (source.take("<=")) {
            return new Node.Look(either(options), true, false);
        }
        if (source.take("<!")) {
            return new Node.Look(either(options), true, true);
        }
        if (source.take(">")) {
            return new Node.Atomic(either(options));
        }
        if (source.nextIs('i') || source.nextIs('m') || source.nextIs('-')) {
            Options changed = options(options);
            if (source.take(":")) {
                return either(changed);
            }
            if (source.nextIs(')')) {
                throw source.error("options after the start of a group");
            }
        }
        throw source.error("a group that starts with (?" + source.nextAsText());
    }

    private Node repeated(Node atom, int start) {
        int[] times = times();
        if (times == null) {
            return atom;
        }
        if (atom instanceof Node.At || atom instanceof Node.Look) {
            throw source.error("a repeated place, " + source.since(start));
        }
        boolean counted = source.previousIs('}');
        Greed greed = source.take("?") ? Greed.LAZY : !counted && source.take("+") ? Greed.POSSESSIVE : Greed.GREEDY;
        if (counted && greed == Greed.LAZY && times[0] == times[1]) {
            throw source.error("the lazy " + source.since(start));
        }
        if (counted && times[1] > 1 && FirstChars.canBeEmpty(atom)) {
            throw source.error("a counted repetition of what may be empty, " + source.since(start));
        }
        Node once = new Node.Repeat(atom, times[0], times[1], greed);
        // A plus makes other repetitions possessive, but this one a group that is repeated.
        Node repeat = counted && greed == Greed.GREEDY && source.take("+")
                ? new Node.Repeat(once, 1, Node.ENDLESS, Greed.GREEDY) : once;
        if (source.nextIs('*') || source.nextIs('+') || source.nextIs('?') || source.nextIs('{') && repeatFollows()) {
            throw source.error("a repetition of a repetition without a group");
        }
        return repeat;
    }

    /// Reads `*`, `+`, `?` or `{…}`: the least and most times; null if there is none.
    private int @Nullable [] times() {
        if (source.take("*")) {
            return new int[] {0, Node.ENDLESS};
        }
        if (source.take("+")) {
            return new int[] {1, Node.ENDLESS};
        }
        if (source.take("?")) {
            return new int[] {0, 1};
        }
        return source.nextIs('{') ? counted() : null;
    }

    private boolean repeatFollows() {
        int start = source.position();
        boolean follows = counted() != null;
        source.back(start);
        return follows;
    }

    /// Reads `{n}`, `{n,}`, `{,m}` or `{n,m}`. Anything else stands for itself, and is not read.
    private int @Nullable [] counted() {
        int start = source.position();
        source.take("{");
        int min = source.number();
        boolean comma = source.take(",");
        int max = comma ? source.number() : min;
        if (!source.take("}") || min < 0 && max < 0) {
            source.back(start);
            return null;
        }
        int least = Math.max(min, 0);
        int most = max < 0 ? Node.ENDLESS : max;
        if (least > MAX_TIMES || max > MAX_TIMES || least > most) {
            throw source.error("the repetition " + source.since(start) + "; at most " + MAX_TIMES + " times are allowed");
        }
        return new int[] {least, most};
    }
}
