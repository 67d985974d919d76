// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer;

import io.encoder4j.tokenizer.pipeline.TokenBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How an encoding that is too long is cut. The rules are those of Hugging Face `tokenizers`.
///
/// @param maxLength the most tokens an encoding may have, special tokens included
/// @param strategy which sequence of a pair is cut
/// @param direction the side on which tokens are cut off
/// @param stride tokens by which the windows of a long text overlap, see [Tokenizer#encodeWindows]
public record Truncation(int maxLength, Strategy strategy, Direction direction, int stride) {
    /// Which sequence of a pair is cut. A single text is cut by any strategy but [#ONLY_SECOND].
    public enum Strategy {
        /// The longer text until both are equally long, then both.
        LONGEST_FIRST,
        /// The first text; an error if that is not enough.
        ONLY_FIRST,
        /// The second text; an error if there is none or that is not enough.
        ONLY_SECOND
    }

    /// The side on which tokens are cut off.
    public enum Direction {
        /// The beginning.
        LEFT,
        /// The end.
        RIGHT
    }

    /// Refuses negative numbers.
    public Truncation {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(direction, "direction");
        if (maxLength < 0 || stride < 0) {
            throw new IllegalArgumentException("maxLength and stride must not be negative: " + maxLength + ", "
                    + stride);
        }
    }

    /// The longest sequence first, from the right.
    ///
    /// @param maxLength tokens kept, special ones included
    public Truncation(int maxLength) {
        this(maxLength, Strategy.LONGEST_FIRST, Direction.RIGHT, 0);
    }

    /// {@return this truncation with another overlap of windows}
    ///
    /// @param newStride tokens that neighbouring windows share
    public Truncation withStride(int newStride) {
        return new Truncation(maxLength, strategy, direction, newStride);
    }

    /// {@return this truncation with another limit}
    ///
    /// @param newMaxLength tokens kept, special ones included
    public Truncation withMaxLength(int newMaxLength) {
        return new Truncation(newMaxLength, strategy, direction, stride);
    }

    /// {@return this truncation on another side}
    ///
    /// @param newDirection the side on which tokens are cut off
    public Truncation withDirection(Direction newDirection) {
        return new Truncation(maxLength, strategy, newDirection, stride);
    }

    /// The number of tokens of each text that are kept; the second is -1 if there is none.
    record Kept(int first, int second) {}

    /// The number of tokens of each text that are kept.
    ///
    /// @param second the second sequence, or null
    /// @param specials the number of special tokens of the encoding
    /// @param readWhole whether texts are read to their end, which windows need
    Kept keep(TokenBuffer first, @Nullable TokenBuffer second, int specials, boolean readWhole) {
        int room = maxLength - specials;
        if (room < 0) {
            throw new TokenizerException("maxLength " + maxLength + " leaves no room for the " + specials
                    + " special tokens; raise it, or encode with withAddSpecialTokens(false)");
        }
        int secondSize = second == null ? -1 : second.size();
        int excess = first.size() + Math.max(secondSize, 0) - room;
        if (excess <= 0) {
            return new Kept(first.size(), secondSize);
        }
        if (room == 0) {
            return new Kept(0, Math.min(secondSize, 0));
        }
        return switch (strategy) {
            case LONGEST_FIRST -> second == null ? new Kept(room, -1) : longestFirst(first, second, room, readWhole);
            case ONLY_FIRST -> new Kept(shorten("first", first.size(), excess), secondSize);
            case ONLY_SECOND -> new Kept(first.size(), shorten("second", secondSize, excess));
        };
    }

    private Kept longestFirst(TokenBuffer first, TokenBuffer second, int room, boolean readWhole) {
        // The reference does not read a text to its end. It compares the lengths it has read.
        int firstRead = readWhole ? first.size() : first.read(maxLength, direction == Direction.RIGHT);
        int secondRead = readWhole ? second.size() : second.read(maxLength, direction == Direction.RIGHT);
        int shorter = Math.min(firstRead, secondRead);
        int longer = Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = room - shorter;
        }
        return firstRead > secondRead ? new Kept(longer, shorter) : new Kept(shorter, longer);
    }

    private int shorten(String which, int length, int excess) {
        if (length <= excess) {
            throw new TokenizerException("the strategy " + strategy + " cannot meet maxLength " + maxLength + ": "
                    + (length < 0 ? "there is no " + which + " text" : "the " + which + " text has " + length
                    + " tokens and " + excess + " would have to go") + "; use LONGEST_FIRST or a larger maxLength");
        }
        return length - excess;
    }
}
