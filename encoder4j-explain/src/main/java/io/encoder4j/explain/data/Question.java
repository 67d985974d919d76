// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to be explained, and in how much detail.
///
/// @param text      the text
/// @param pair      a second text in the same sequence, or null
/// @param layer     the layer that is told in detail, from 0
/// @param head      the head whose attention is told, from 0
/// @param token     the token whose row is of interest; -1 for the first that is not special
/// @param key       the key of the cell whose arithmetic is told, the query being `token`; -1 for the one it looks at most
/// @param mask      a token that is replaced by the mask token first; -1 for none
/// @param parts     what is wanted
/// @param checkedRows tokens whose rows are computed again by hand at most, spread over the text; 0 for all
public record Question(String text, @Nullable String pair, int layer, int head, int token, int key, int mask, Set<Part> parts,
        int checkedRows) {

    /// A part of an explanation.
    public enum Part {
        /// The steps, from text to vector, with one layer in detail.
        WALK,
        /// Attention of all layers and heads, and how tokens' vectors change from layer to layer.
        OVERVIEW,
        /// Attention of all heads of the layer.
        HEADS,
        /// With a pair: how similar the two texts are, and which tokens make them so.
        SIMILARITY,
        /// What stands at masked tokens, by every layer.
        PREDICTIONS,
        /// How the score changes when a token is masked: a forward pass for each token.
        MASKING;

        /// All but [#MASKING].
        public static final Set<Part> USUAL = Set.of(WALK, OVERVIEW, HEADS, SIMILARITY, PREDICTIONS);
    }

    /// Copies the parts.
    public Question {
        parts = Set.copyOf(parts);
    }

    /// {@return a question about a text: its first layer and head, the usual parts, everything checked}
    ///
    /// @param text the text
    public static Question of(String text) {
        return new Question(text, null, 0, 0, -1, -1, -1, Part.USUAL, 0);
    }

    /// {@return the same about a pair}
    ///
    /// @param other the second text, or null
    public Question withPair(@Nullable String other) {
        return new Question(text, other, layer, head, token, key, mask, parts, checkedRows);
    }

    /// {@return the same about another layer and head}
    ///
    /// @param newLayer from 0
    /// @param newHead  from 0
    public Question at(int newLayer, int newHead) {
        return new Question(text, pair, newLayer, newHead, token, key, mask, parts, checkedRows);
    }

    /// {@return the same about other tokens}
    ///
    /// @param newToken the token, as query; -1 for the first that is not special
    /// @param newKey   the key; -1 for the one the query looks at most
    /// @param newMask  the token that is masked; -1 for none
    public Question looking(int newToken, int newKey, int newMask) {
        return new Question(text, pair, layer, head, newToken, newKey, newMask, parts, checkedRows);
    }

    /// {@return the same with other parts}
    ///
    /// @param wanted what is wanted
    public Question withParts(Set<Part> wanted) {
        return new Question(text, pair, layer, head, token, key, mask, wanted, checkedRows);
    }

    /// {@return the same with fewer rows computed again by hand}
    ///
    /// @param rows at most; 0 for all
    public Question checking(int rows) {
        return new Question(text, pair, layer, head, token, key, mask, parts, rows);
    }
}
