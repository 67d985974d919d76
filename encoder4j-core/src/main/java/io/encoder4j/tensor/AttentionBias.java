// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tensor;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What is added to the attention scores before the softmax. The interface is sealed because kernels switch on it. A position
/// scheme or a mask is one of these, never a flag in a model. All but [Dense] need less memory than the square of the length.
public sealed interface AttentionBias {

    /// Nothing is added.
    AttentionBias NONE = new None();

    /// {@return the same bias with other matrices in place of those it holds, if it holds any}
    ///
    /// @param change makes another matrix of each that the bias holds
    default AttentionBias map(UnaryOperator<Matrix> change) {
        return switch (this) {
            case Sum sum -> new Sum(sum.first.map(change), sum.second.map(change));
            case Disentangled d -> new Disentangled(d.keys == null ? null : change.apply(d.keys),
                    d.queries == null ? null : change.apply(d.queries), d.rows);
            case None _, Dense _, ByDistance _, Window _, VisibleKeys _ -> this;
        };
    }

    /// No bias: every token sees every token of its sequence.
    record None() implements AttentionBias { }

    /// An additive bias with a value for every pair, for sequences that all have `length` tokens, like torch's masks. `-∞`
    /// forbids a pair. A query that may see no key gets a context of zeros.
    ///
    /// @param values sequences (or 1) × heads (or 1) × query × key, row-major
    /// @param length tokens of each sequence: the size of the last two dimensions
    /// @param perSequence whether each sequence has values of its own, else all share the first
    /// @param perHead     whether each head has values of its own, else all share the first
    /// @param heads       number of heads when `perHead`, else 1
    record Dense(float[] values, int length, boolean perSequence, boolean perHead, int heads)
            implements AttentionBias {

        /// {@return index of the value for key 0 of this query}
        ///
        /// @param sequence which sequence of the batch
        /// @param head     which head
        /// @param query    from the sequence's start
        public int row(int sequence, int head, int query) {
            int plane = (perSequence ? sequence : 0) * (perHead ? heads : 1) + (perHead ? head : 0);
            return (plane * length + query) * length;
        }
    }

    /// A value for each head and signed distance: relative position buckets (T5, MPNet) and linear biases (ALiBi).
    ///
    /// @param name   the module whose output this is, for traces; empty if there is none
    /// @param values heads × (2 · reach + 1): the value at `reach + key - query`; farther keys get the outermost
    /// @param heads  number of heads
    record ByDistance(String name, float[] values, int heads) implements AttentionBias {

        /// Checks the values.
        ///
        /// @throws IllegalArgumentException if there is not an odd number of values for each head
        public ByDistance {
            if (heads < 1 || values.length % heads != 0 || values.length / heads % 2 != 1) {
                throw new IllegalArgumentException(name + ": " + values.length + " values for " + heads
                        + " heads; expected an odd number for each");
            }
        }

        /// {@return the largest distance with a value of its own}
        public int reach() {
            return values.length / heads / 2;
        }

        /// {@return index of the value for distance 0}
        ///
        /// @param head which head
        public int centre(int head) {
            return head * (2 * reach() + 1) + reach();
        }
    }

    /// Local attention: keys farther than `reach` from the query, before or after, are forbidden.
    ///
    /// @param reach tokens to either side that are seen
    record Window(int reach) implements AttentionBias { }

    /// In each sequence the queries see only the first keys. The other tokens have vectors, but no token attends to them: ColBERT
    /// fills up a query with such tokens. A query that can see no key gets a context of zeros.
    ///
    /// @param counts for each sequence, how many of its first keys can be seen; more than its length means all
    record VisibleKeys(int[] counts) implements AttentionBias {

        /// Checks the counts.
        ///
        /// @throws IllegalArgumentException if a count is negative
        public VisibleKeys {
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] < 0) {
                    throw new IllegalArgumentException("sequence " + i + ": " + counts[i]
                            + " visible keys; there cannot be fewer than none");
                }
            }
        }
    }

    /// Two biases together.
    ///
    /// @param first  one bias
    /// @param second the other
    record Sum(AttentionBias first, AttentionBias second) implements AttentionBias { }

    /// DeBERTa's disentangled attention (He et al. 2020): before scaling, the score of a query q and a key k is increased
    /// by `q · keys[r]` (content to position) and `queries[r] · k` (position to content), where r is the row for their
    /// distance.
    ///
    /// @param keys    `[R, N·D]`, projected relative positions that queries look at, or null
    /// @param queries `[R, N·D]`, projected relative positions that look at keys, or null
    /// @param rows    the row for each distance `query - key`, at `rows.length / 2 + query - key`
    record Disentangled(@Nullable Matrix keys, @Nullable Matrix queries, int[] rows) implements AttentionBias {

        /// {@return the row for a query and a key}
        ///
        /// @param query from the sequence's start
        /// @param key   from the sequence's start
        public int row(int query, int key) {
            return rows[rows.length / 2 + query - key];
        }
    }
}
