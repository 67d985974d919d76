// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import java.util.List;

/// A part of a regular expression, as [RegexParser] reads it and [RegexCompiler] compiles it.
sealed interface Node {
    /// One code point of a set.
    record One(CharSet set) implements Node {}

    /// All of them, one after the other; none for the empty expression.
    record Concat(List<Node> parts) implements Node {}

    /// The first that leads to a match.
    record Either(List<Node> choices) implements Node {}

    /// @param max the most times, or [#ENDLESS]
    record Repeat(Node body, int min, int max, Greed greed) implements Node {}

    /// A place that has the body after it, or before it; or has not.
    record Look(Node body, boolean behind, boolean negative) implements Node {}

    /// Keeps the first match of its body.
    record Atomic(Node body) implements Node {}

    /// A place, without a length.
    record At(Place place) implements Node {}

    /// Goes back a number of code points; [RegexCompiler] puts it at the start of what a look behind looks for.
    record Back(int points) implements Node {}

    /// Stands for no limit.
    int ENDLESS = Integer.MAX_VALUE;

    /// Whether a repetition prefers more, prefers fewer, or takes all and gives none back.
    enum Greed { GREEDY, LAZY, POSSESSIVE }

    /// `\A`, `\z`, `\Z`, `^`, `$`, `\b`, `\B`.
    enum Place { TEXT_START, TEXT_END, LAST_LINE_END, LINE_START, LINE_END, WORD_EDGE, NO_WORD_EDGE }
}
