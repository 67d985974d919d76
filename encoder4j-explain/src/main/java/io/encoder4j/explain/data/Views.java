// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import io.encoder4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is seen beside the walk.
///
/// @param overview    the whole model; null if it was not asked for
/// @param heads       attention of all heads of the layer, `[N, S, S]`; null if it was not asked for
/// @param similarity  of a pair; null without one
/// @param predictions at masked tokens; null if nothing is masked or the model has no such head
/// @param answer      of the model's head; null if it has none
/// @param masking     what the score owes to each token; null if it was not asked for
public record Views(@Nullable Overview overview, @Nullable Tensor heads, @Nullable Similarity similarity,
        @Nullable Predictions predictions, @Nullable Answer answer, @Nullable Masking masking) {

    /// Nothing.
    public static final Views NONE = new Views(null, null, null, null, null, null);

    /// All layers.
    ///
    /// @param tile         tokens to a side of a tile
    /// @param tiles        tiles to a side
    /// @param attention    the largest probability of each tile, in 255ths, layer by layer and head by head
    /// @param norms        length of each token's vector, `[L + 1, T]`, the embeddings first
    /// @param cosines      cosine of each token's vector to that of the layer before, `[L, T]`
    /// @param stream       length of each token's vector before its layer, `[L, T]`
    /// @param fromAttention length of what attention adds, `[L, T]`
    /// @param fromFeedForward length of what the feed-forward adds, `[L, T]`
    public record Overview(int tile, int tiles, byte[] attention, Tensor norms, Tensor cosines, Tensor stream,
            Tensor fromAttention, Tensor fromFeedForward) { }

    /// Two texts.
    ///
    /// @param kind  `cosine` or `maxsim`
    /// @param value how similar
    /// @param left  tokens of the first text
    /// @param right tokens of the second
    /// @param map   similarity of the tokens' vectors, `[left, right]`
    public record Similarity(String kind, double value, List<String> left, List<String> right, Tensor map) {

        /// {@return for each token of the first text the token of the second that is most like it}
        public List<Integer> best() {
            int cols = map.size(1);
            return java.util.stream.IntStream.range(0, map.size(0)).map(row -> {
                int best = 0;
                for (int col = 1; col < cols; col++) {
                    best = map.get(row, col) > map.get(row, best) ? col : best;
                }
                return best;
            }).boxed().toList();
        }
    }

    /// What could stand at masked tokens.
    ///
    /// @param masked each masked token
    public record Predictions(List<Masked> masked) {

        /// A masked token.
        ///
        /// @param token  which
        /// @param layers the most probable words by each layer, the embeddings first
        public record Masked(int token, List<List<Word>> layers) { }

        /// A word.
        ///
        /// @param id          its token id
        /// @param text        as the vocabulary writes it
        /// @param probability among all words
        public record Word(int id, String text, double probability) { }
    }

    /// What a head says.
    ///
    /// @param kind     of the head: `sequence classification`
    /// @param perToken whether there is a row for each token
    /// @param labels   of the columns
    /// @param logits   `[labels]` or `[T, labels]`
    /// @param scores   the same after the function
    /// @param function `softmax`, `sigmoid` or `none`
    public record Answer(String kind, boolean perToken, List<String> labels, Tensor logits, Tensor scores, String function) { }

    /// What a score owes to each token.
    ///
    /// @param by      `mask` if a token is replaced by the mask token, `removal` if it is left out
    /// @param label   column of the score
    /// @param score   of the whole text
    /// @param changes score without the token, less the score with it, `[T]`
    public record Masking(String by, int label, double score, Tensor changes) { }
}
