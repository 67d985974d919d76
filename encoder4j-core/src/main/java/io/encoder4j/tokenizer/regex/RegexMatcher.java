// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import io.encoder4j.tokenizer.regex.Node.Place;
import java.util.Arrays;

/// Runs a [Program] on a text. What else could be tried is on a stack of its own. Each instruction, each character of a
/// repetition and each second attempt is a step.
final class RegexMatcher {
    private static final long STEPS_PER_CHAR = 1_000;
    private static final long STEPS_PER_CHAR_AND_INSTRUCTION = 2;
    private static final int SPARE_CHARS = 10;
    private static final int MAX_STACK = 3 << 22;
    private static final Place[] PLACES = Place.values();

    /// The third value of an entry that only knows where to go on.
    private static final int PLAIN = -1;
    /// An opened group; to come back to it is to fail.
    private static final int OPENED = -2;
    /// An opened group that must not match; to come back to it is to go on.
    private static final int OPENED_NOT = -3;
    /// The older value of a register.
    private static final int REGISTER = -4;

    private final int[] code;
    private final CharSet[] sets;
    private final char[] chars;
    private final int from;
    private final int to;
    private final int[] registers;
    private long left;
    /// Entries of three: an instruction or register, a place in the text, and one of the kinds above; or, for a
    /// repetition that gives back, the least place.
    private int[] stack = new int[48];
    private int top;
    private int at;

    RegexMatcher(Program program, char[] chars, int from, int to) {
        code = program.code();
        sets = program.sets();
        registers = new int[program.registers()];
        this.chars = chars;
        this.from = from;
        this.to = to;
        left = (STEPS_PER_CHAR + STEPS_PER_CHAR_AND_INSTRUCTION * program.length()) * (to - from + SPARE_CHARS);
    }

    /// The place after a code point; one after the end, at the end.
    int after(int place) {
        return place + (place < to && Character.isHighSurrogate(chars[place]) ? 2 : 1);
    }

    private int before(int place) {
        return place - (Character.isLowSurrogate(chars[place - 1]) ? 2 : 1);
    }

    private int point(int place) {
        char first = chars[place];
        return Character.isHighSurrogate(first) ? Character.toCodePoint(first, chars[place + 1]) : first;
    }

    /// The end of the match that starts at a place, or -1.
    int match(int start) {
        top = 0;
        at = start;
        int next = 0;
        while (next >= 0) {
            step();
            if (code[next] == Op.MATCH) {
                return at;
            }
            next = run(next);
            if (next < 0) {
                next = backtrack();
            }
        }
        return -1;
    }

    private void step() {
        if (--left < 0) {
            throw new Regex.TooManySteps();
        }
    }

    /// Runs an instruction and returns the next one, or -1 if this way fails.
    private int run(int op) {
        int a = code[op + 1];
        int next = op + Op.WIDTH;
        return switch (code[op]) {
            case Op.ONE -> one(sets[a]) ? next : -1;
            case Op.MOST -> most(sets[a], next);
            case Op.ALL -> {
                skip(sets[a]);
                yield next;
            }
            case Op.JUMP -> a;
            case Op.TRY -> {
                push(code[op + 2], at, PLAIN);
                yield a;
            }
            case Op.AT -> is(PLACES[a]) ? next : -1;
            case Op.BACK -> back(a) ? next : -1;
            case Op.ROUND -> {
                push(a, registers[a], REGISTER);
                registers[a] = at;
                yield next;
            }
            case Op.ROUND_END -> registers[a] == at ? code[op + 2] : next;
            default -> group(code[op], a, next);
        };
    }

    /// Runs an instruction that opens or closes a group.
    private int group(int op, int a, int next) {
        switch (op) {
            case Op.OPEN -> push(0, at, OPENED);
            case Op.OPEN_NOT -> push(a, at, OPENED_NOT);
            case Op.RETURN -> {
                close();
                at = stack[top + 1];
            }
            default -> close();
        }
        return op == Op.FAIL_NOT ? -1 : next;
    }

    private boolean one(CharSet set) {
        if (at == to) {
            return false;
        }
        int point = point(at);
        if (!set.has(point)) {
            return false;
        }
        at += Character.charCount(point);
        return true;
    }

    private void skip(CharSet set) {
        while (one(set)) {
            step();
        }
    }

    private int most(CharSet set, int next) {
        int start = at;
        skip(set);
        if (at > start) {
            push(next, at, start);
        }
        return next;
    }

    private boolean back(int points) {
        for (int i = 0; i < points; i++) {
            if (at == from) {
                return false;
            }
            step();
            at = before(at);
        }
        return true;
    }

    private boolean is(Place place) {
        return switch (place) {
            case TEXT_START -> at == from;
            case TEXT_END -> at == to;
            case LAST_LINE_END -> at == to || at == to - 1 && chars[at] == '\n';
            // No line starts after a last line end.
            case LINE_START -> at == from || at < to && chars[at - 1] == '\n';
            case LINE_END -> at == to || chars[at] == '\n';
            case WORD_EDGE -> isWordBefore() != isWordAfter();
            case NO_WORD_EDGE -> isWordBefore() == isWordAfter();
        };
    }

    private boolean isWordBefore() {
        return at > from && CharSets.WORD.has(point(before(at)));
    }

    private boolean isWordAfter() {
        return at < to && CharSets.WORD.has(point(at));
    }

    private void push(int target, int place, int kind) {
        if (top == stack.length) {
            if (top >= MAX_STACK) {
                throw new Regex.TooManySteps();
            }
            stack = Arrays.copyOf(stack, 2 * top);
        }
        stack[top] = target;
        stack[top + 1] = place;
        stack[top + 2] = kind;
        top += 3;
    }

    /// Forgets the innermost open group and all since, and leaves `top` at its entry.
    private void close() {
        do {
            top -= 3;
        } while (stack[top + 2] != OPENED && stack[top + 2] != OPENED_NOT);
    }

    /// Goes back to the last place where something else can be tried: the next instruction, or -1.
    private int backtrack() {
        while (top > 0) {
            step();
            top -= 3;
            int target = stack[top];
            int place = stack[top + 1];
            int kind = stack[top + 2];
            if (kind == REGISTER) {
                registers[target] = place;
            } else if (kind == PLAIN || kind == OPENED_NOT) {
                at = place;
                return target;
            } else if (kind >= 0) {
                at = before(place);
                if (at > kind) {
                    push(target, at, kind);
                }
                return target;
            }
        }
        return -1;
    }
}
