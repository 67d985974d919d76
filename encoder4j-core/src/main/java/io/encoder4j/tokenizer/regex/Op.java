// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

/// The instructions of a compiled expression. Each is an operation and two operands.
final class Op {
    static final int WIDTH = 3;

    /// The end of a match.
    static final int MATCH = 0;
    /// One code point of set a.
    static final int ONE = 1;
    /// As many code points of set a as there are; gives them back one by one.
    static final int MOST = 2;
    /// As many code points of set a as there are; gives none back.
    static final int ALL = 3;
    /// Goes on at a.
    static final int JUMP = 4;
    /// Goes on at a; if that leads to no match, at b.
    static final int TRY = 5;
    /// Is at place a.
    static final int AT = 6;
    /// Goes back a code points.
    static final int BACK = 7;
    /// Opens a group that keeps its first match.
    static final int OPEN = 8;
    /// Closes it: forgets what else could be tried since.
    static final int KEEP = 9;
    /// Closes it, and goes back to where it was opened.
    static final int RETURN = 10;
    /// Opens a group that must not match; without a match goes on at a.
    static final int OPEN_NOT = 11;
    /// Closes it: it matched, so this way fails.
    static final int FAIL_NOT = 12;
    /// A round of a loop starts here: notes the place in register a.
    static final int ROUND = 13;
    /// The round ends here: leaves the loop, for b, if it took nothing.
    static final int ROUND_END = 14;

    private Op() {}
}
